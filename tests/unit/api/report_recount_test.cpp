#include <future>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api_harness.hpp"
#include "support/history.hpp"

// Reports against a recount from the exported stories. The recount shares no code with the rules
// and knows days as the first ten letters of a time, so that both can hardly err alike.

namespace hotline::api {
namespace {

namespace json = boost::json;
using Counts = std::map<std::string, std::int64_t>;

std::string text(const json::value& object, std::string_view key) {
  const auto* found = object.as_object().if_contains(key);
  return found == nullptr || !found->is_string() ? "" : std::string(found->get_string());
}

/// A department's part, from the story.
struct Part {
  std::string department, role, dispatched, signed_at, contacted, answered, ended;
  std::string sign_by, contact_by, due;
  std::string returned{};  ///< when its return was granted
  bool first = false;      ///< the first lead of its ticket
  bool passed = false;     ///< its time to resolve ended before it was
};

/// A ticket, from the story. Absent texts are empty.
struct Case {
  std::string channel, type, category, region, handling, outcome;
  std::string received, finished, closed, rated, resolved, satisfaction;
  bool redone = false;
  bool supervised = false;
  std::vector<Part> parts;

  void take(const std::string& at, const json::value& event) {
    const std::string name = text(event, "event");
    const auto keep = [&](std::string& to, std::string_view key) {
      if (!text(event, key).empty()) to = text(event, key);
    };
    for (const auto& [field, key] : {std::pair(&channel, "channel"), std::pair(&type, "type"),
                                     std::pair(&category, "category"), std::pair(&region, "region"),
                                     std::pair(&received, "received_at")}) {
      keep(*field, key);
    }
    if (name == "taken_direct" && handling.empty()) handling = "direct";
    if (name == "handed_over") handling = "transferred";
    if (name == "dispatched") dispatch(event.at("assignment"));
    if (name == "signed") part(event).signed_at = at;
    if (name == "contacted" && part(event).contacted.empty()) part(event).contacted = at;
    if (name == "answered" && event.at("seq").as_int64() != 0) part(event).answered = at;
    if (name == "assignment_ended") part(event).ended = at;
    if (name == "assignment_ended" && text(event, "ending") == "returned") {
      part(event).returned = at;
    }
    if (name == "deadline_passed") passed(event);
    if (name == "deadlines_moved" && event.at("seq").as_int64() > 0) moved(event, at);
    if (name == "finished") finish(at, text(event, "outcome"));
    if (name == "closed") closed = at;
    if (name == "callback_made" && event.as_object().contains("resolved")) {
      rated = at;
      resolved = text(event, "resolved");
      satisfaction = text(event, "satisfaction");
    }
    if (name == "redo_ordered") {
      redone = true;
      supervised = supervised || event.at("supervised").as_bool();
    }
  }

  std::string led_last() const {
    std::string out;
    for (const auto& one : parts) {
      if (one.role == "lead") out = one.department;
    }
    return out;
  }

 private:
  Part& part(const json::value& event) {
    return parts.at(static_cast<std::size_t>(event.at("seq").as_int64() - 1));
  }
  void passed(const json::value& event) {
    const std::string deadline = text(event, "deadline");
    supervised = supervised || deadline == "supervision";
    if (deadline == "resolve" && event.at("seq").as_int64() > 0) part(event).passed = true;
  }
  void moved(const json::value& event, const std::string& at) {
    part(event).sign_by = text(event, "sign");
    part(event).contact_by = text(event, "contact");
    part(event).due = text(event, "resolve");
    if (part(event).due > at) part(event).passed = false;
  }
  void dispatch(const json::value& assignment) {
    const auto& by = assignment.at("deadlines");
    const bool first = led_last().empty();
    parts.push_back({text(assignment, "department"), text(assignment, "role"),
                     text(assignment, "dispatched_at"), "", "", "", "", text(by, "sign"),
                     text(by, "contact"), text(by, "resolve")});
    if (parts.back().role != "lead") return;
    parts.back().first = first;
    handling = "transferred";
  }
  void finish(const std::string& at, const std::string& how) {
    if (finished.empty()) finished = at;
    outcome = how;
    if (how == "rejected")
      handling.clear();
    else if (handling.empty())
      handling = "direct";
  }
};

/// [from, to), days as texts.
class Window {
 public:
  Window(std::string from, std::string to) : from_(std::move(from)), to_(std::move(to)) {}
  bool holds(const std::string& time) const { return known(time) && time.substr(0, 10) >= from_; }
  bool known(const std::string& time) const { return !time.empty() && time.substr(0, 10) < to_; }
  bool over_before(const std::string& time) const {
    return !time.empty() && time.substr(0, 10) < from_;
  }

 private:
  std::string from_, to_;
};

void count_ticket(const Case& one, const Window& window, Counts& out) {
  const bool rejected = one.outcome == "rejected";
  if (window.holds(one.received)) {
    ++out["received"];
    if (rejected) ++out["rejected"];
    if (!one.handling.empty()) ++out[one.handling];
    if (!rejected && one.handling.empty()) ++out["undecided"];
    if (one.supervised) ++out["supervised"];
    if (one.handling == "transferred" && !window.known(one.finished)) ++out["in_flow"];
  }
  if (window.holds(one.finished)) ++out[rejected ? "declined" : "finished"];
  if (window.holds(one.finished) && one.redone) ++out["redone"];
  if (window.holds(one.closed)) ++out["closed"];
  if (window.over_before(one.received) && !window.over_before(one.finished)) ++out["opening"];
  if (window.known(one.received) && !window.known(one.finished)) ++out["closing"];
  if (!window.holds(one.rated)) return;
  ++out["called_back"];
  if (one.resolved == "yes") ++out["resolved"];
  if (!one.satisfaction.empty()) ++out[one.satisfaction];
}

void count_part(const Part& part, const Window& window, Counts& out) {
  if (window.holds(part.dispatched)) {
    ++out["leads"];
    if (window.known(part.returned)) ++out["returned"];
    if (part.first) ++out["first_leads"];
    if (part.first && !window.known(part.returned)) ++out["first_kept"];
    if (window.known(part.signed_at) && part.signed_at <= part.sign_by) ++out["signed_in_time"];
    if (window.known(part.contacted) && part.contacted <= part.contact_by) {
      ++out["contacted_in_time"];
    }
  }
  const bool owed = part.ended.empty() || !part.answered.empty() || part.passed;
  if (!owed || !window.holds(part.due)) return;
  ++out["due"];
  if (window.known(part.answered)) ++out["due_finished"];
  if (window.known(part.answered) && part.answered <= part.due) ++out["due_in_time"];
}

/// By value of the dimension; `all` has the value "".
std::map<std::string, Counts> recount(const std::vector<Case>& cases, const std::string& dimension,
                                      const Window& window) {
  std::map<std::string, Counts> out;
  for (const auto& one : cases) {
    const std::map<std::string, std::string> values{{"all", ""},
                                                    {"department", one.led_last()},
                                                    {"category", one.category},
                                                    {"region", one.region},
                                                    {"channel", one.channel},
                                                    {"type", one.type}};
    const std::string& value = values.at(dimension);
    count_ticket(one, window, out[value]);
    for (const auto& part : one.parts) {
      if (part.role != "lead") continue;
      count_part(part, window, out[dimension == "department" ? part.department : value]);
    }
  }
  std::erase_if(out, [](const auto& entry) { return entry.second.empty(); });
  return out;
}

/// The same names out of a report.
Counts reported(const json::value& figures) {
  Counts out;
  const auto keep = [&](const std::string& name, const std::string& pointer) {
    const auto count = figures.at_pointer(pointer).as_int64();
    if (count != 0) out[name] = count;
  };
  for (const auto* name : {"received", "rejected", "direct", "transferred", "undecided",
                           "supervised", "finished", "redone", "closed", "called_back", "due"}) {
    keep(name, fmt::format("/{}", name));
  }
  for (const auto* name : {"opening", "declined", "closing"})
    keep(name, fmt::format("/flow/{}", name));
  for (const auto& level : satisfaction_terms) {
    keep(std::string(level.name), fmt::format("/ratings/{}", level.name));
  }
  keep("in_flow", "/rates/in_flow_rate/numerator");
  keep("resolved", "/rates/resolution_rate/numerator");
  keep("leads", "/rates/sign_in_time_rate/denominator");
  keep("signed_in_time", "/rates/sign_in_time_rate/numerator");
  keep("contacted_in_time", "/rates/contact_in_time_rate/numerator");
  keep("returned", "/rates/return_rate/numerator");
  keep("first_leads", "/rates/first_dispatch_rate/denominator");
  keep("first_kept", "/rates/first_dispatch_rate/numerator");
  keep("due_finished", "/rates/closing_rate/numerator");
  keep("due_in_time", "/rates/answer_in_time_rate/numerator");
  return out;
}

class ReportRecount : public testing::TestWithParam<std::uint64_t> {
 protected:
  template <typename T>
  static std::pair<std::future<Result<T>>, Engine::Reply<T>> waiting() {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    return {std::move(future),
            [promise](Result<T> result) { promise->set_value(std::move(result)); }};
  }
  Result<Applied> submit(TicketId id, Move move) {
    auto [future, reply] = waiting<Applied>();
    const Actor desk{"desk", "王五", nullptr, true};
    harness.engine.submit({id, std::move(move), desk, std::nullopt, std::nullopt, {}}, reply);
    return future.get();
  }
  void advance(Duration by) {
    auto [future, reply] = waiting<Time>();
    harness.engine.advance(harness.engine.now() + by, reply);
    ASSERT_TRUE(future.get());
  }

  /// Some months of a hotline: people who act sensibly, late, or not at all.
  void live(std::uint64_t seed) {
    test::History history(seed);
    std::map<TicketId, Ticket> open;
    for (int step = 0; step < 2'500; ++step) {
      if (history.chance(40)) advance(std::chrono::minutes{history.below(400)});
      if (open.empty() || history.chance(20)) {
        auto move = history.intake();
        const auto ago = std::chrono::minutes{history.below(3 * 1'440)};
        if (history.chance(20)) move.received_at = harness.engine.now() - ago;
        const auto made = submit({}, std::move(move));
        ASSERT_TRUE(made) << made.error().detail;
        open[made->ticket.id] = made->ticket;
        continue;
      }
      auto chosen = open.begin();
      std::advance(chosen, static_cast<std::ptrdiff_t>(history.below(open.size())));
      auto move = history.likely_move(chosen->second);
      if (std::holds_alternative<Tick>(move)) continue;  // the engine fires these itself
      const auto moved = submit(chosen->first, std::move(move));
      if (moved) chosen->second = moved->ticket;
      const bool over = chosen->second.status == Status::closed;
      if (over || open.size() > 60) open.erase(chosen);
    }
  }

  std::vector<Case> export_cases() {
    const auto answer = harness.get("/v1/export/events", {{"Hotline-Actor", "王五"}});
    EXPECT_EQ(answer.status, 200U) << answer.body;
    std::map<std::string, Case> cases;
    std::istringstream lines(answer.body);
    for (std::string line; std::getline(lines, line);) {
      const auto entry = json::parse(line);
      if (entry.as_object().contains("done")) break;
      const auto& change = entry.at("change");
      Case& one = cases[text(entry, "ticket")];
      for (const auto& event : change.at("events").as_array()) one.take(text(change, "at"), event);
    }
    std::vector<Case> out;
    for (auto& [id, one] : cases) out.push_back(std::move(one));
    return out;
  }

  json::value report(const std::string& from, const std::string& to, const std::string& more) {
    const auto answer =
        harness.get(fmt::format("/v1/reports/summary?from={}&to={}{}", from, to, more));
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return json::parse(answer.body);
  }

  static void expect_agree(const std::vector<Case>& cases, const std::string& dimension,
                           const json::value& section) {
    const Window window(text(section, "from"), text(section, "to"));
    SCOPED_TRACE(text(section, "from") + " to " + text(section, "to") + " by " + dimension);
    auto all = recount(cases, "all", window);
    EXPECT_EQ(reported(section.at("total")), all[""]);
    if (dimension == "all") return;
    std::map<std::string, Counts> groups;
    for (const auto& group : section.at("groups").as_array()) {
      const auto counts = reported(group);
      if (!counts.empty()) groups[text(group, "value")] = counts;
    }
    EXPECT_EQ(groups, recount(cases, dimension, window));
  }

  test::ApiHarness harness;
};

TEST_P(ReportRecount, AgreesWithTheExport) {
  ASSERT_NO_FATAL_FAILURE(live(GetParam()));
  harness.expect_clean();
  const auto cases = export_cases();
  ASSERT_GT(cases.size(), 300U);
  for (const auto* step : {"day", "week", "month", "quarter", "half_year", "year"}) {
    const auto made = report("2021-05-20", "2021-12-10", fmt::format("&by={}", step));
    expect_agree(cases, "all", made);
    for (const auto& section : made.at("periods").as_array()) expect_agree(cases, "all", section);
  }
  for (const auto* dimension : {"department", "category", "region", "channel", "type"}) {
    const auto made =
        report("2021-06-15", "2022-01-01", fmt::format("&by=month&group_by={}", dimension));
    expect_agree(cases, dimension, made);
    for (const auto& section : made.at("periods").as_array()) {
      expect_agree(cases, dimension, section);
    }
  }
  // What makes the difference between a simple count and a right one has happened.
  const auto june = reported(report("2021-06-01", "2021-07-01", "").at("total"));
  const auto all = reported(report("2021-06-01", "2022-06-01", "").at("total"));
  for (const auto* figure :
       {"declined", "redone", "supervised", "due_finished", "resolved", "returned"}) {
    EXPECT_GT(all.at(figure), 0) << figure;
  }
  EXPECT_GT(all.at("due"), all.at("due_finished"));
  EXPECT_GT(all.at("due_finished"), all.at("due_in_time"));
  EXPECT_GT(june.at("closing"), 0);
}

TEST_P(ReportRecount, ReadsRowsOfCountersOnlyAndMonthsWhereItCan) {
  ASSERT_NO_FATAL_FAILURE(live(GetParam()));
  for (auto& count : harness.reads.records) count = 0;
  const auto made = report("2021-06-01", "2022-06-01", "&group_by=department");
  const auto departments = made.at("groups").as_array().size();
  for (std::size_t space = 0; space < spaces_end; ++space) {
    const std::uint64_t read = harness.reads.records[space];
    if (static_cast<Space>(space) == Space::counter) {
      EXPECT_GT(read, 0U);
      EXPECT_LE(read, (12 + 1) * (departments + 1)) << "a row a month, and one for all";
    } else {
      EXPECT_EQ(read, 0U) << name(static_cast<Space>(space));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReportRecount, testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace hotline::api
