// A run as JSON: what it is, and its series for the page.
#pragma once

#include <boost/json/object.hpp>

#include "experiments/report/report.hpp"

namespace pianissimo::report {

/// Name, scenario, kernel, policy, configuration; null where it is not known.
boost::json::object run_description(const Run& run);

/// Of every reason, by its word: what it means and how it is drawn. The page knows none by itself.
boost::json::object reasons_object();

/// Everything that is drawn: times are seconds since the measured part began.
boost::json::object run_series(const JudgedRun& judged);

}  // namespace pianissimo::report
