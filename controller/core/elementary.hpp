// Elementary functions that give the same bits on every processor. Those of the C library need not:
// IEEE 754 leaves their last bit open, and the C library's differ with the processor (glibc has
// others where there is a fused multiply-add). A journal recorded on one machine must replay to the
// same decisions on another one.
//
// What IEEE 754 does fix may be called as it is: + - * /, sqrt, round, floor, ceil, fmod, ldexp,
// frexp.
#pragma once

namespace pianissimo {

/// e to the power of x, to a few units in the last place. Beyond what a double holds: infinity or
/// 0.
double exponential(double x);

/// The natural logarithm of x, to a few units in the last place. Of 0: minus infinity; of what is
/// below: NaN.
double logarithm(double x);

/// The same to the base of 10.
double logarithm10(double x);

/// `base` to the power of `exponent`, for a base above 0. The relative error grows with the
/// exponent's logarithm of the base: 1e-13 at a result of 1e-300.
double power(double base, double exponent);

}  // namespace pianissimo
