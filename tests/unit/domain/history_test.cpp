#include "support/history.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "domain/clocks.hpp"
#include "domain/entries.hpp"
#include "support/deadline_rules.hpp"
#include "support/notices.hpp"

namespace hotline {
namespace {

const Time start = *parse_rfc3339("2021-01-01T08:00:00+08:00");

struct Story {
  Ticket ticket;
  std::vector<Change> changes;
};

/// What must hold of every ticket after every move.
void expect_invariants(const Ticket& ticket) {
  const Entries found = entries(&ticket, china_offset);
  const bool open_lead = ticket.lead() != nullptr;
  const bool with_department = ticket.status == Status::dispatched ||
                               ticket.status == Status::in_progress ||
                               ticket.status == Status::return_review;
  EXPECT_EQ(open_lead, with_department);
  EXPECT_EQ(ticket.objection.has_value(), ticket.status == Status::return_review);
  EXPECT_EQ(ticket.status == Status::in_progress,
            open_lead && ticket.lead()->signed_at.has_value() && !ticket.objection);
  EXPECT_EQ(ticket.closed_at.has_value(), ticket.status == Status::closed);
  EXPECT_EQ(ticket.finished_at.has_value(), ticket.outcome.has_value());
  if (ticket.outcome) {
    EXPECT_EQ(ticket.handling.has_value(), ticket.outcome != Outcome::rejected);
  }
  const bool ever_out = !ticket.assignments.empty() || ticket.handover;
  EXPECT_EQ(ticket.handling == Handling::transferred, ever_out);
  EXPECT_LE(
      std::ranges::count_if(ticket.assignments,
                            [](const Assignment& a) { return a.role == Role::lead && !a.ending; }),
      1);
  const auto told = [](const QueueEntry& entry) { return entry.queue == notice_queue; };
  if (ticket.status == Status::closed) {
    EXPECT_TRUE(std::ranges::all_of(found.queue, told) && found.work.empty() && !found.timer);
  } else {
    EXPECT_TRUE(!found.queue.empty() || !found.work.empty() || found.timer)
        << "an open ticket must be somewhere";
  }
  EXPECT_TRUE(std::ranges::is_sorted(found.queue));
  std::set<std::uint16_t> numbers;
  for (const auto& entry : found.queue) {
    const bool twice = !numbers.insert(entry.seq).second;
    EXPECT_FALSE(twice) << "a lease would be of two entries";
  }
  EXPECT_LE(ticket.notices.size(), notices_max);
}

/// Deadlines never move without an event that says so, and to where it says.
void expect_told(const Ticket& before, const Ticket& after, const std::vector<Event>& events) {
  for (const Assignment& now : after.assignments) {
    const Assignment* earlier = before.assignment(now.seq);
    std::optional<DueTimes> told;
    if (earlier != nullptr) told = earlier->due();
    for (const Event& event : events) {
      const auto* made = std::get_if<Dispatched>(&event);
      if (made != nullptr && made->assignment.seq == now.seq) told = made->assignment.due();
      const auto* moved = std::get_if<DeadlinesMoved>(&event);
      if (moved != nullptr && moved->seq == now.seq) told = moved->due;
    }
    EXPECT_EQ(told, now.due()) << "assignment " << now.seq;
  }
  const bool centre = std::ranges::any_of(events, [](const Event& event) {
    const auto* moved = std::get_if<DeadlinesMoved>(&event);
    return std::holds_alternative<SentToTriage>(event) ||
           std::holds_alternative<TakenDirect>(event) || (moved != nullptr && moved->seq == 0);
  });
  if (!centre && after.decide_deadline) {
    EXPECT_EQ(before.decide_deadline, after.decide_deadline);
  }
}

/// Every third day the city changes its rules and counts open tickets anew.
std::vector<std::shared_ptr<const Deadlines>> changing_rules() {
  const auto days = test::notices_of_2023_and_2026();
  return {shipped_deadlines(),
          test::deadlines_with({{Limit::resolve, {}, {5, TimeUnit::working_days}}}),
          test::deadlines_with({{Limit::decide, {}, {8, TimeUnit::working_hours}},
                                {Limit::resolve, {}, {5, TimeUnit::working_days}}},
                               Calendar(days, {}))};
}

void expect_counting(const std::map<TicketId, Story>& stories) {
  std::map<CounterKey, CounterRow> rows;
  std::int64_t undecided = 0;
  for (const auto& [id, story] : stories) {
    recount({}, entries(&story.ticket, china_offset).counters,
            [&rows](const CounterKey& key) { return &rows[key]; });
    undecided += story.ticket.accepted() && !story.ticket.handling ? 1 : 0;
  }
  std::map<std::pair<Dimension, Span>, std::map<Figure, std::int64_t>> by_dimension;
  for (const auto& [key, row] : rows) {
    for (const auto& cell : row.cells()) {
      EXPECT_GT(cell.count, 0);
      by_dimension[{key.dimension, key.span}][cell.figure] += cell.count;
    }
  }
  const auto& all = by_dimension[{Dimension::all, Span::day}];
  const auto sum = [&all](Figure figure) {
    const auto found = all.find(figure);
    return found == all.end() ? 0 : found->second;
  };
  EXPECT_EQ(sum(Figure::received) - sum(Figure::rejected),
            sum(Figure::direct) + sum(Figure::transferred) + undecided);
  for (const auto& [dimension, figures] : by_dimension) {
    EXPECT_EQ(figures, all) << "each grouping adds up to the whole, in days and in months";
  }
}

class SeededHistory : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SeededHistory, HoldsTheInvariants) {
  test::History history(GetParam());
  const auto rules = changing_rules();
  Policy policy{.notice = {true, true, true, true, true}};
  const Actor actor{"test", "张三", nullptr, true};
  std::map<TicketId, Story> stories;
  Time now = start;
  std::uint32_t serial = 0;
  for (int step = 0; step < 20'000; ++step) {
    now += std::chrono::minutes{history.below(90)};
    const bool fresh = stories.empty() || history.chance(15);
    Story* story = nullptr;
    Move move = Tick{};
    TicketId id;
    if (fresh) {
      id = make_ticket_id(local_day(now, china_offset), 0, ++serial);
      move = history.intake();
    } else {
      auto chosen = stories.begin();
      std::advance(chosen, static_cast<std::ptrdiff_t>(history.below(stories.size())));
      story = &chosen->second;
      id = chosen->first;
      move = history.likely_move(story->ticket);
      if (history.chance(5)) move = Recompute{};
    }
    policy.deadlines =
        rules[static_cast<std::size_t>(now.time_since_epoch() / std::chrono::hours{72}) %
              rules.size()];
    const Ticket* before = story ? &story->ticket : nullptr;
    const auto events = decide(before, move, actor, {now, id, policy});
    const bool of_people = !std::holds_alternative<Tick>(move) &&
                           !std::holds_alternative<Recall>(move) &&
                           !std::holds_alternative<Recompute>(move);
    if (before && of_people) {
      const auto allowed = allowed_moves(*before);
      const bool possible = std::ranges::find(allowed, name(move)) != allowed.end();
      if (!possible) {
        ASSERT_FALSE(events) << name(move) << " seed " << GetParam() << " step " << step;
        EXPECT_EQ(events.error().code, ErrorCode::wrong_state);
      }
    }
    if (!events || events->empty()) continue;
    if (!story) story = &stories[id];
    const auto finished = story->ticket.finished_at;
    const std::size_t assignments = story->ticket.assignments.size();
    const Change change{story->ticket.version + 1, now,    "test", "张三",
                        std::string(name(move)),   *events};
    const bool designated = story->ticket.designated;
    const std::uint32_t disputes = story->ticket.disputes;
    const Ticket earlier = story->ticket;
    story->ticket = evolve(std::move(story->ticket), change);
    expect_told(earlier, story->ticket, *events);
    if (designated) {
      EXPECT_EQ(story->ticket.disputes, disputes) << "no return after a designation";
    }
    story->changes.push_back(change);
    expect_invariants(story->ticket);
    if (finished) {
      EXPECT_EQ(story->ticket.finished_at, finished);
    }
    EXPECT_GE(story->ticket.assignments.size(), assignments);
    EXPECT_LE(story->ticket.round, policy.callback.redo_max + 1);
    if (step % 1000 == 0) expect_counting(stories);
    ASSERT_FALSE(HasFailure()) << "seed " << GetParam() << " step " << step << " move "
                               << name(move);
    if (stories.size() > 300) stories.erase(stories.begin());
  }
  for (const auto& [id, story] : stories) EXPECT_EQ(replay(story.changes), story.ticket);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeededHistory, testing::Range<std::uint64_t>(1, 11));

TEST(Clocks, ATickAlwaysMovesTheTimerOn) {
  test::History history(7);
  const Policy policy;
  const Actor actor{"test", "", nullptr};
  for (int round = 0; round < 500; ++round) {
    const TicketId id = make_ticket_id(local_day(start, china_offset), 0, 1);
    Time now = start;
    Ticket ticket;
    const auto events = decide(nullptr, history.intake(), actor, {now, id, policy});
    ticket = evolve({}, {1, now, "", "", "intake", *events});
    for (int guard = 0; const auto timer = entries(&ticket, china_offset).timer; ++guard) {
      ASSERT_LT(guard, 10);
      now = std::max(now, *timer);
      const auto fired = decide(&ticket, Tick{}, actor, {now, id, policy});
      ASSERT_TRUE(fired && !fired->empty());
      ticket = evolve(std::move(ticket), {ticket.version + 1, now, "", "", "tick", *fired});
    }
  }
}

}  // namespace
}  // namespace hotline
