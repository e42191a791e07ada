// due_dates FILE: compares the due dates of a real hotline with those of a seven-day rule. FILE is
// lines of JSON with `requested_datetime` and `expected_datetime` in local time, as the Tainan 1999
// hotline published them. Prints how many are the same and what the others are; no row is shown.

#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "domain/clocks.hpp"

namespace {

using namespace hotline;
namespace json = boost::json;

struct Row {
  Time requested{};
  Time expected{};
};

/// `2015-04-15 00:02:00.0`, in the zone of the place.
std::optional<Time> time_of(const json::value& row, std::string_view field) {
  const auto* object = row.if_object();
  const auto* value = object == nullptr ? nullptr : object->if_contains(field);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const std::string text(value->get_string());
  if (text.size() < 19) return std::nullopt;
  const auto parsed = parse_rfc3339(text.substr(0, 10) + 'T' + text.substr(11, 8) + "+08:00");
  if (!parsed) return std::nullopt;
  return *parsed;
}

std::optional<Row> read_row(const std::string& line) {
  boost::system::error_code error;
  const json::value row = json::parse(line, error);
  if (error) return std::nullopt;
  const auto requested = time_of(row, "requested_datetime");
  const auto expected = time_of(row, "expected_datetime");
  if (!requested || !expected) return std::nullopt;
  return Row{*requested, *expected};
}

/// When a ticket dispatched at `from` is due where the only rule to resolve is `limit`.
Time due_by(TimeSpan limit, Time from) {
  std::vector<DeadlineRule> rules = shipped_deadline_rules();
  std::erase_if(rules, [](const DeadlineRule& rule) { return rule.limit == Limit::resolve; });
  rules.push_back({Limit::resolve, {}, limit});
  Policy policy;
  policy.deadlines = std::make_shared<const Deadlines>(Calendar{}, std::move(rules));
  Assignment assignment;
  assignment.dispatched_at = from;
  return due_times({.category = {}}, assignment, policy).resolve;
}

/// Why no rule could have made this date.
std::string difference(const Row& row) {
  const auto span = row.expected - row.requested;
  if (span == Duration{0}) return "due at the moment of the request: no limit was set";
  if (span < Duration{0}) return "due before the request";
  return fmt::format("due after {} h", std::chrono::floor<std::chrono::hours>(span).count());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "due_dates FILE.jsonl: rows with requested_datetime and expected_datetime\n";
    return 2;
  }
  std::ifstream in(argv[1]);
  if (!in) {
    std::cout << argv[1] << " is not there: nothing is compared\n";
    return 0;
  }
  std::size_t rows = 0;
  std::size_t unreadable = 0;
  std::size_t same_moment = 0;
  std::size_t same_day = 0;
  std::map<std::string, std::size_t> others;
  for (std::string line; std::getline(in, line);) {
    ++rows;
    const auto row = read_row(line);
    if (!row) {
      ++unreadable;
      continue;
    }
    const Time hours = due_by({7 * 24, TimeUnit::hours}, row->requested);
    const Time days = due_by({7, TimeUnit::days}, row->requested);
    const bool day = local_day(days, china_offset) == local_day(row->expected, china_offset);
    same_moment += hours == row->expected ? 1 : 0;
    same_day += day ? 1 : 0;
    if (!day) ++others[difference(*row)];
  }
  fmt::print("{} rows, {} unreadable\n", rows, unreadable);
  fmt::print("7 x 24 h (resolve,168,h): {} due at the same second\n", same_moment);
  fmt::print("7 natural days (resolve,7,d): {} due on the same day\n", same_day);
  for (const auto& [why, count] : others) fmt::print("not matched: {}: {}\n", count, why);
}
