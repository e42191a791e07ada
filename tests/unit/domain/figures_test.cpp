#include "domain/figures.hpp"

#include <map>

#include <gtest/gtest.h>

namespace hotline {
namespace {

Time at(std::string_view text) { return *parse_rfc3339(std::string(text) + ":00+08:00"); }
Day day(std::string_view text) { return *parse_day(text); }

using Rows = std::map<CounterKey, CounterRow>;

void count_into(Rows& rows, const Ticket& before, const Ticket& after) {
  const Contributions none;
  recount(before.version == 0 ? none : contributions(before, china_offset),
          contributions(after, china_offset), [&](const CounterKey& key) { return &rows[key]; });
}

/// What a report over [from, to) says, added up from days, and from months in the middle.
Totals report(const Rows& rows, Dimension dimension, const std::string& value, Day from, Day to) {
  Totals days;
  for (const auto& [key, row] : rows) {
    const bool asked = key.dimension == dimension && key.value == value && key.span == Span::day;
    if (asked && from <= key.day && key.day < to) days.add(key, row, to);
  }
  Totals months;
  for (const auto& [key, row] : rows) {
    if (key.dimension != dimension || key.value != value) continue;
    const Day month = month_of(key.day);
    const bool whole = from <= month && span_end(Span::month, month) <= to;
    const bool inside = from <= key.day && key.day < to;
    if (inside && whole == (key.span == Span::month)) months.add(key, row, to);
  }
  EXPECT_EQ(days, months) << "months and days must tell the same";
  return days;
}

/// Dispatched on 5 June, due on the 30th.
Ticket dispatched() {
  Ticket ticket;
  ticket.version = 1;
  ticket.status = Status::dispatched;
  ticket.handling = Handling::transferred;
  ticket.channel = "phone";
  ticket.received_at = at("2021-06-04T23:59");
  Assignment lead;
  lead.seq = 1;
  lead.department = "D07";
  lead.dispatched_at = at("2021-06-05T00:01");
  lead.sign_deadline = at("2021-06-06T00:01");
  lead.contact_deadline = at("2021-06-06T00:01");
  lead.resolve_deadline = at("2021-06-30T12:00");
  ticket.assignments.push_back(lead);
  return ticket;
}

Ticket answered(Ticket ticket, std::string_view when) {
  Assignment& lead = ticket.assignments.back();
  lead.signed_at = lead.dispatched_at;
  lead.answered_at = at(when);
  lead.ending = Ending::answered;
  if (!ticket.finished_at) ticket.finished_at = at(when);
  ticket.outcome = Outcome::answered;
  ticket.status = Status::callback;
  return ticket;
}

Rows rows_of(const Ticket& ticket) {
  Rows rows;
  count_into(rows, {}, ticket);
  return rows;
}

TEST(Figures, CountByTheDayOfWhatTheyCount) {
  const Rows rows = rows_of(answered(dispatched(), "2021-06-29T09:00"));
  const auto on = [&](std::string_view first) {
    return report(rows, Dimension::all, "", day(first), day(first) + std::chrono::days{1});
  };
  EXPECT_EQ(on("2021-06-04")[Figure::received], 1);
  EXPECT_EQ(on("2021-06-04")[Figure::lead_assignments], 0);
  EXPECT_EQ(on("2021-06-05")[Figure::lead_assignments], 1);
  EXPECT_EQ(on("2021-06-29")[Figure::finished], 1);
  EXPECT_EQ(on("2021-06-29")[Figure::due], 0);
  EXPECT_EQ(on("2021-06-30")[Figure::due], 1);
  EXPECT_EQ(on("2021-06-30")[Figure::due_in_time], 1);
}

TEST(Figures, WhatWasAnsweredAfterTheEndOfAReportIsNotInIt) {
  const Rows rows = rows_of(answered(dispatched(), "2021-07-03T09:00"));
  const auto until = [&](std::string_view to) {
    return report(rows, Dimension::department, "D07", day("2021-06-01"), day(to));
  };
  for (const auto* to : {"2021-07-01", "2021-07-03"}) {
    EXPECT_EQ(until(to)[Figure::due], 1) << to;
    EXPECT_EQ(until(to)[Figure::due_finished], 0) << to;
    EXPECT_EQ(until(to)[Figure::transferred_finished], 0) << to;
  }
  for (const auto* to : {"2021-07-04", "2021-08-01", "2022-01-01"}) {
    EXPECT_EQ(until(to)[Figure::due_finished], 1) << to;
    EXPECT_EQ(until(to)[Figure::due_in_time], 0) << to;
    EXPECT_EQ(until(to)[Figure::transferred_finished], 1) << to;
  }
}

TEST(Figures, LateOnTheDayItselfIsFinishedThatDay) {
  const Rows rows = rows_of(answered(dispatched(), "2021-06-30T12:01"));
  const auto totals = report(rows, Dimension::all, "", day("2021-06-30"), day("2021-07-01"));
  EXPECT_EQ(totals[Figure::due_finished], 1);
  EXPECT_EQ(totals[Figure::due_in_time], 0);
}

TEST(Figures, WhatIsTakenBackBeforeItsDeadlineIsNotDue) {
  Ticket taken = dispatched();
  taken.assignments.back().ending = Ending::withdrawn;
  const auto due = [](const Ticket& ticket) {
    return report(rows_of(ticket), Dimension::all, "", day("2021-06-01"),
                  day("2021-07-01"))[Figure::due];
  };
  EXPECT_EQ(due(dispatched()), 1);
  EXPECT_EQ(due(taken), 0);
  taken.assignments.back().passed = 1U << static_cast<unsigned>(Deadline::resolve);
  EXPECT_EQ(due(taken), 1) << "too late: it had passed";
}

TEST(Figures, ARedoErasesNothing) {
  Ticket ticket = answered(dispatched(), "2021-06-10T09:00");
  ticket.round = 2;
  Assignment again = ticket.assignments.back();
  again.seq = 2;
  again.round = 2;
  again.dispatched_at = at("2021-06-12T09:00");
  again.resolve_deadline = at("2021-06-15T09:00");
  again.signed_at = again.answered_at = std::nullopt;
  again.ending = std::nullopt;
  ticket.assignments.push_back(again);
  const auto totals =
      report(rows_of(ticket), Dimension::department, "D07", day("2021-06-01"), day("2021-07-01"));
  EXPECT_EQ(totals[Figure::finished], 1);
  EXPECT_EQ(totals[Figure::redone], 1);
  EXPECT_EQ(totals[Figure::due], 2);
  EXPECT_EQ(totals[Figure::due_finished], 1);
}

TEST(Figures, AChangeLeavesNothingBehind) {
  const Ticket before = dispatched();
  Ticket after = answered(before, "2021-07-03T09:00");
  after.category = "0101";  // moves what was counted to another value
  after.assignments.back().department = "D08";
  Rows rows = rows_of(before);
  count_into(rows, before, after);
  std::erase_if(rows, [](const auto& entry) { return entry.second.cells().empty(); });
  EXPECT_EQ(rows, rows_of(after));
}

TEST(Figures, ARefusedRowEndsTheCount) {
  int asked = 0;
  recount({}, contributions(dispatched(), china_offset), [&](const CounterKey&) -> CounterRow* {
    ++asked;
    return nullptr;
  });
  EXPECT_EQ(asked, 1);
}

TEST(Figures, MonthsEndWhereTheCalendarSays) {
  EXPECT_EQ(month_of(day("2020-02-29")), day("2020-02-01"));
  EXPECT_EQ(span_end(Span::month, day("2020-02-01")), day("2020-03-01"));
  EXPECT_EQ(span_end(Span::month, day("2021-12-01")), day("2022-01-01"));
  EXPECT_EQ(span_end(Span::day, day("2021-12-31")), day("2022-01-01"));
}

}  // namespace
}  // namespace hotline
