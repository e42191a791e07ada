#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "api/json_reader.hpp"

namespace hotline::api {

/// Notes every name that stands twice in one object. The parser keeps the last of them and says
/// nothing, so that two readers of one text could see two tickets in it. `parsed` is what the
/// parser made of `text`, untouched. Costs a look at each object, unless a name is doubled.
void note_doubled_keys(const boost::json::value& parsed, std::string_view text,
                       FieldErrors& errors);

}  // namespace hotline::api
