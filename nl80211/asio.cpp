// Boost.Asio's own code, compiled once here and not in each file that includes it (Asio's "Separate
// compilation").
#include <boost/asio/impl/src.hpp>
