#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/entries.hpp"
#include "domain/event.hpp"
#include "domain/personal.hpp"
#include "domain/ticket.hpp"

namespace hotline::test {

/// Makes values of the domain at random: well-formed in every field, without regard to the rules.
/// The same seed gives the same values on every machine, since it uses no standard distribution.
class RandomDomain {
 public:
  explicit RandomDomain(std::uint64_t seed) : engine_(seed) {}

  /// In [0, below).
  std::uint64_t number(std::uint64_t below) { return engine_() % below; }
  std::uint64_t number() { return engine_(); }
  bool chance() { return number(2) == 0; }
  double fraction() { return static_cast<double>(number(1'000'001)) / 1e6; }

  /// Milliseconds between 1970 and 2100.
  Time time() { return Time{Duration{static_cast<std::int64_t>(number(4'102'444'800'000))}}; }

  /// At most `code_bytes_max` bytes; sometimes empty.
  std::string code() {
    static constexpr std::array words = {"",      "phone", "341282",       "城管局-综合执法",
                                         "urban", "A-17",  "341282103007", "callcenter-1"};
    return words[number(words.size())];
  }
  std::string text() {
    static constexpr std::array words = {"路灯", "损坏", "西城街道", "noise ",
                                         "张某", "，",   "2 months", "🙂"};
    std::string made;
    for (auto left = number(12); left > 0; --left) made += words[number(words.size())];
    return made;
  }

  template <typename Enum>
  Enum one() {
    const auto& all = terms(Enum{});
    return all[number(all.size())].value;
  }

  TicketId ticket_id() { return TicketId{2'106'010'000'000'000 + number(10'000'000'000)}; }

  Rating rating() {
    return {.at = time(),
            .contacted = chance(),
            .resolved = one<Resolved>(),
            .satisfaction = maybe(one<Satisfaction>())};
  }

  DueTimes due_times() {
    return {time(), time(), time(), maybe(time()), maybe(time()), maybe(time())};
  }

  Assignment assignment(std::uint16_t seq) {
    Assignment made = plain_assignment(seq);
    made.notice_at = maybe(time());
    made.supervise_at = maybe(time());
    made.resolve_given = maybe(time());
    made.counted_as = maybe(CountedAs{one<TicketType>(), one<Urgency>(), code()});
    made.paused_at = maybe(time());
    for (auto left = number(3); left > 0; --left) made.pauses.push_back({time(), time()});
    made.extension_asked =
        maybe(ExtensionRequest{time(), static_cast<std::uint32_t>(1 + number(9))});
    made.extended_days = static_cast<std::uint32_t>(number(9));
    made.extensions = static_cast<std::uint32_t>(number(3));
    return made;
  }

  Assignment plain_assignment(std::uint16_t seq) {
    Assignment made;
    made.seq = seq;
    made.department = code();
    made.role = one<Role>();
    made.round = static_cast<std::uint32_t>(1 + number(4));
    made.dispatched_at = time();
    made.signed_at = maybe(time());
    made.contacted_at = maybe(time());
    made.answered_at = maybe(time());
    made.sign_deadline = time();
    made.contact_deadline = time();
    made.resolve_deadline = time();
    made.remind_at = maybe(time());
    made.ending = maybe(one<Ending>());
    made.ended_at = maybe(time());
    made.passed = static_cast<std::uint32_t>(number(256));
    return made;
  }

  Classification classification() {
    Classification made{.type = one<TicketType>(),
                        .category = code(),
                        .region = code(),
                        .handling = maybe(one<Handling>()),
                        .lead = code(),
                        .copy = {},
                        .emergency = chance() ? "119" : "",
                        .channel_to_tell = text(),
                        .confidence = fraction(),
                        .automatic_from = maybe(fraction()),
                        .candidates = {},
                        .reasons = {},
                        .catalogue_version = code(),
                        .model_version = code()};
    for (auto left = number(3); left > 0; --left) made.copy.push_back(code());
    for (auto left = number(candidates_max + 1); left > 0; --left) {
      made.candidates.push_back({code(), code(), fraction()});
    }
    for (auto left = number(reasons_max + 1); left > 0; --left) {
      made.reasons.push_back({code(), text(), fraction()});
    }
    return made;
  }

  Ticket ticket() {
    Ticket made;
    made.id = ticket_id();
    made.version = static_cast<std::uint32_t>(number(1000));
    made.status = one<Status>();
    made.handling = maybe(one<Handling>());
    made.outcome = maybe(one<Outcome>());
    made.source = code();
    made.source_id = text();
    made.channel = code();
    made.type = one<TicketType>();
    made.urgency = one<Urgency>();
    made.category = code();
    made.region = code();
    made.confidential = chance();
    made.reachable = chance();
    fill_times(made);
    fill_parts(made);
    return made;
  }

  Personal personal() {
    Personal made{.caller = {text(), code()},
                  .title = text(),
                  .content = text(),
                  .address = text(),
                  .location = maybe(Location{fraction() * 90, fraction() * 180}),
                  .recording_id = code(),
                  .attachments = {},
                  .extra = chance() ? R"({"a":1})" : "",
                  .remarks = {}};
    for (auto left = number(4); left > 0; --left) made.attachments.push_back({text(), text()});
    for (auto left = number(5); left > 0; --left) {
      made.remarks.push_back(
          {static_cast<std::uint32_t>(number(100)), time(), text(), code(), text()});
    }
    return made;
  }

  /// An event of the given kind, by its place in the variant.
  Event event(std::size_t kind) {
    const std::array<Event, std::variant_size_v<Event>> all{
        Received{ticket()},
        SentToTriage{time()},
        TakenDirect{time(), code()},
        Dispatched{assignment(seq()), code()},
        AssignmentEnded{seq(), one<Ending>()},
        Signed{seq()},
        Contacted{seq()},
        Answered{seq()},
        HandedOver{code()},
        HandoverAcknowledged{},
        Finished{one<Outcome>()},
        CallbackScheduled{time(), chance()},
        CallbackReady{},
        CallbackMade{one<CallbackOutcome>(), maybe(rating())},
        RedoOrdered{chance()},
        DeadlinePassed{one<Deadline>(), seq()},
        Closed{},
        amended(),
        Supplemented{},
        ReturnRaised{objection()},
        ReturnRuled{chance()},
        Designated{},
        NoticePosted{seq(), one<NoticeKind>(), seq()},
        NoticeSent{seq(), one<NoticeOutcome>()},
        Paused{seq()},
        Resumed{seq()},
        ExtensionRequested{seq(), static_cast<std::uint32_t>(number(9))},
        ExtensionRuled{seq(), chance(), static_cast<std::uint32_t>(number(9))},
        DeadlinesMoved{seq(), due_times()}};
    return all[kind];
  }

  Change change() {
    Change made{.version = static_cast<std::uint32_t>(1 + number(1000)),
                .at = time(),
                .principal = code(),
                .person = text(),
                .move = code(),
                .events = {}};
    for (auto left = number(5); left > 0; --left) {
      made.events.push_back(event(number(std::variant_size_v<Event>)));
    }
    return made;
  }

  CounterRow counter_row() {
    CounterRow made;
    for (std::size_t figure = 1; figure < figures_end; ++figure) {
      const auto days_late = static_cast<std::uint32_t>(chance() ? 0 : number(400));
      const auto count = static_cast<std::int64_t>(number(1'000'000));
      if (chance()) made.add(static_cast<Figure>(figure), days_late, count);
    }
    return made;
  }

 private:
  Objection objection() { return {seq(), one<ReturnReason>(), code(), time(), time(), chance()}; }

  Amended amended() {
    Amended made{maybe(one<TicketType>()),
                 maybe(one<Urgency>()),
                 maybe(chance()),
                 maybe(chance()),
                 code(),
                 code(),
                 {}};
    for (auto left = number(4); left > 0; --left) made.personal.push_back(code());
    return made;
  }

  template <typename Value>
  std::optional<Value> maybe(Value value) {
    if (chance()) return std::nullopt;
    return value;
  }
  std::uint16_t seq() { return static_cast<std::uint16_t>(number(65'536)); }

  void fill_times(Ticket& made) {
    made.received_at = time();
    made.created_at = time();
    made.finished_at = maybe(time());
    made.closed_at = maybe(time());
    made.decide_deadline = maybe(time());
    made.decide_given = chance();
    made.handled_since = maybe(time());
    made.passed = static_cast<std::uint32_t>(number(256));
  }

  void fill_parts(Ticket& made) {
    made.round = static_cast<std::uint32_t>(1 + number(3));
    made.supervised = chance();
    const auto assignments = number(4);
    for (std::uint16_t i = 1; i <= assignments; ++i) made.assignments.push_back(assignment(i));
    if (chance()) made.objection = objection();
    made.disputes = static_cast<std::uint32_t>(number(4));
    made.bounces = static_cast<std::uint32_t>(number(4));
    made.designated = chance();
    if (chance()) made.handover = Handover{code(), time(), maybe(time())};
    if (chance()) {
      made.callback = {.attempts = static_cast<std::uint32_t>(number(4)),
                       .next_attempt_at = time(),
                       .ready = chance(),
                       .rating = maybe(rating())};
    }
    made.classification = classification();
    for (auto left = number(3); left > 0; --left) {
      made.warnings.push_back({code(), "/region", text()});
    }
    for (auto left = number(3); left > 0; --left) {
      made.notices.push_back(
          {seq(), one<NoticeKind>(), seq(), time(), maybe(time()), maybe(one<NoticeOutcome>())});
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace hotline::test
