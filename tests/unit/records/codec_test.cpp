#include "records/codec.hpp"

#include <array>
#include <functional>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include <boost/pfr.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/records.pb.h"
#include "support/hex.hpp"
#include "support/random_domain.hpp"

namespace hotline {
namespace {

using test::from_hex;
using test::RandomDomain;
using test::to_hex;
using testing::HasSubstr;

constexpr std::uint64_t id = 2106010100000001;
Time at(std::int64_t ms) { return Time{Duration{ms}}; }

template <typename Value, typename Make, typename Decode>
void round_trips(const Make& make, const Decode& decode) {
  RandomDomain random(7);
  for (int i = 0; i < 1000; ++i) {
    const Value value = make(random);
    const auto bytes = encode(value);
    const auto decoded = decode(bytes);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().detail << " at " << i;
    ASSERT_EQ(*decoded, value) << "at " << i;
    ASSERT_EQ(encode(*decoded), bytes) << "at " << i;
  }
}

TEST(Codec, TicketsRoundTrip) {
  round_trips<Ticket>([](auto& random) { return random.ticket(); }, decode_ticket);
}
TEST(Codec, PersonalRecordsRoundTrip) {
  round_trips<Personal>([](auto& random) { return random.personal(); }, decode_personal);
}
TEST(Codec, ChangesRoundTrip) {
  round_trips<Change>([](auto& random) { return random.change(); }, decode_change);
}
TEST(Codec, CounterRowsRoundTrip) {
  round_trips<CounterRow>([](auto& random) { return random.counter_row(); }, decode_counter_row);
}
TEST(Codec, RecordsRoundTrip) {
  round_trips<MetaRecord>(
      [](auto& random) {
        return MetaRecord{format_number, random.time(), random.number(),
                          static_cast<std::int32_t>(random.number(1441)) - 720};
      },
      decode_meta);
  round_trips<QueueValue>([](auto& random) { return QueueValue{random.time()}; },
                          decode_queue_value);
  round_trips<LeaseRecord>(
      [](auto& random) {
        return LeaseRecord{"triage",
                           random.code(),
                           random.number(),
                           random.chance() ? std::optional(random.time()) : std::nullopt,
                           static_cast<std::uint32_t>(random.number(20)),
                           random.chance(),
                           random.text(),
                           random.time()};
      },
      decode_lease);
  round_trips<IdempotencyRecord>(
      [](auto& random) {
        return IdempotencyRecord{random.number(), random.ticket_id(),
                                 static_cast<std::uint32_t>(random.number(9)), random.time()};
      },
      decode_idempotency);
  round_trips<SourceRecord>(
      [](auto& random) {
        return SourceRecord{random.ticket_id(), random.number()};
      },
      decode_source);
  round_trips<OutboxRecord>([](auto& random) { return OutboxRecord{"D" + random.code()}; },
                            decode_outbox);
  round_trips<OutboxRecord>(
      [](auto& random) {
        return OutboxRecord{{}, RecomputeTask{random.chance(), random.code()}};
      },
      decode_outbox);
  round_trips<DeadlinesMark>([](auto& random) { return DeadlinesMark{random.number()}; },
                             decode_deadlines_mark);
  round_trips<AuditEntry>(
      [](auto& random) {
        return AuditEntry{random.time(),     random.code(),      random.text(),
                          "ticket.unmasked", random.ticket_id(), random.code()};
      },
      decode_audit);
}

TEST(Codec, EveryKindOfEventRoundTrips) {
  RandomDomain random(8);
  for (std::size_t kind = 0; kind < std::variant_size_v<Event>; ++kind) {
    const Change change{.version = 1,
                        .at = {},
                        .principal = {},
                        .person = {},
                        .move = {},
                        .events = {random.event(kind)}};
    const auto decoded = decode_change(encode(change));
    ASSERT_TRUE(decoded.has_value()) << decoded.error().detail;
    EXPECT_EQ(*decoded, change) << "kind " << kind;
    EXPECT_EQ(decoded->events.at(0).index(), kind);
  }
}

TEST(Codec, TimesBeforeTheEpochAndAtTheEdgesRoundTrip) {
  for (const auto ms : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                        std::numeric_limits<std::int64_t>::max()}) {
    const QueueValue value{at(ms)};
    EXPECT_EQ(decode_queue_value(encode(value)), value);
  }
}

/// As stored, in the order of the variant. Never changed; a new event takes a free number.
constexpr std::array<int, std::variant_size_v<Event>> event_numbers{
    1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 40, 41, 42, 50, 51, 30, 31, 32, 33, 34};

TEST(Codec, NumbersOfEventsNeverChange) {
  RandomDomain random(9);
  for (std::size_t kind = 0; kind < std::variant_size_v<Event>; ++kind) {
    const Change change{.version = 1,
                        .at = {},
                        .principal = {},
                        .person = {},
                        .move = {},
                        .events = {random.event(kind)}};
    records::Change stored;
    ASSERT_TRUE(stored.ParseFromString(encode(change)));
    EXPECT_EQ(static_cast<int>(stored.events(0).event_case()), event_numbers[kind]);
  }
}

// A new field does not compile here until codec, generator (random_domain.hpp), FORMAT.md and
// format number know it.
using boost::pfr::tuple_size_v;
static_assert(tuple_size_v<Ticket> == 34 && tuple_size_v<Assignment> == 24);
static_assert(tuple_size_v<CountedAs> == 3 && tuple_size_v<Pause> == 2);
static_assert(tuple_size_v<ExtensionRequest> == 2 && tuple_size_v<DueTimes> == 6);
static_assert(tuple_size_v<Objection> == 6);
static_assert(tuple_size_v<Handover> == 3 && tuple_size_v<Rating> == 4);
static_assert(tuple_size_v<CallbackState> == 4 && tuple_size_v<Warning> == 3);
static_assert(tuple_size_v<Classification> == 14 && tuple_size_v<Candidate> == 3);
static_assert(tuple_size_v<Reason> == 3 && tuple_size_v<Change> == 6);
static_assert(tuple_size_v<Personal> == 9 && tuple_size_v<Caller> == 2);
static_assert(tuple_size_v<Location> == 2 && tuple_size_v<Attachment> == 2);
static_assert(tuple_size_v<Remark> == 5 && tuple_size_v<Notice> == 6);
static_assert(std::variant_size_v<Event> == 29);

// --- golden bytes: what is on disk today must be readable for ever -----------------------------

Ticket golden_ticket() {
  Ticket ticket;
  ticket.id = TicketId{id};
  ticket.version = 1;
  ticket.status = Status::dispatched;
  ticket.handling = Handling::transferred;
  ticket.source = "cc";
  ticket.source_id = "7";
  ticket.channel = "phone";
  ticket.type = TicketType::complaint;
  ticket.category = "0101";
  ticket.received_at = at(1622505600000);
  ticket.created_at = at(1622505600001);
  Assignment assignment;
  assignment.seq = 1;
  assignment.department = "urban";
  assignment.dispatched_at = at(1622505600001);
  assignment.sign_deadline = at(1622592000001);
  assignment.contact_deadline = at(1622592000001);
  assignment.resolve_deadline = at(1623110400001);
  ticket.assignments.push_back(assignment);
  ticket.classification.edit().confidence = 0.5;
  ticket.classification.edit().reasons.push_back({"r1", "路灯", 2});
  return ticket;
}

constexpr std::string_view golden_ticket_hex =
    "0881ca9dfffaecde03100118032002320263633a0137420570686f6e65480350015a043031303168"
    "80e8faa69c2f7081e8faa69c2f780182012908011205757262616e180120012881e8faa69c2f4881"
    "a094d09c2f5081a094d09c2f5881f0acc79e2f8a0122080749000000000000e03f5a150a02723112"
    "06e8b7afe781af190000000000000040";
constexpr std::string_view golden_change_hex =
    "08031080e8faa69c2f1a0263632203e69d8e2a047369676e3204320208013205820102080532038a"
    "0100";
constexpr std::string_view golden_personal_hex =
    "123d0a0d0a06e5bca0e69f9012033133381201741a01632a1209000000000000f03f110000000000"
    "0000404a12080110021a01612206616e737765722a0178";

TEST(Codec, GoldenTicket) {
  EXPECT_EQ(to_hex(encode(golden_ticket())), golden_ticket_hex);
  EXPECT_EQ(decode_ticket(from_hex(golden_ticket_hex)), golden_ticket());
}

TEST(Codec, GoldenChange) {
  const Change change{.version = 3,
                      .at = at(1622505600000),
                      .principal = "cc",
                      .person = "李",
                      .move = "sign",
                      .events = {Signed{1}, DeadlinePassed{Deadline::resolve, 0}, Closed{}}};
  EXPECT_EQ(to_hex(encode(change)), golden_change_hex);
  EXPECT_EQ(decode_change(from_hex(golden_change_hex)), change);
}

TEST(Codec, GoldenNotice) {
  Ticket ticket = golden_ticket();
  ticket.notices.push_back({1001, NoticeKind::reminder, 1, at(2), at(3), NoticeOutcome::sent});
  const std::string hex = std::string(golden_ticket_hex) + "e2030d08e90710011801200228033001";
  EXPECT_EQ(to_hex(encode(ticket)), hex);
  EXPECT_EQ(decode_ticket(from_hex(hex)), ticket);
  const Change change{.version = 3,
                      .at = at(5),
                      .principal = {},
                      .person = {},
                      .move = {},
                      .events = {NoticePosted{1001, NoticeKind::overdue, 2},
                                 NoticeSent{1001, NoticeOutcome::unreachable}}};
  constexpr std::string_view change_hex = "08031005320a92030708e9071002180232089a030508e9071002";
  EXPECT_EQ(to_hex(encode(change)), change_hex);
  EXPECT_EQ(decode_change(from_hex(change_hex)), change);
}

TEST(Codec, GoldenDeadlines) {
  Ticket ticket = golden_ticket();
  Assignment& assignment = ticket.assignments.front();
  assignment.notice_at = at(7);
  assignment.supervise_at = at(8);
  assignment.resolve_given = at(9);
  assignment.counted_as = CountedAs{TicketType::inquiry, Urgency::normal, "c"};
  assignment.paused_at = at(10);
  assignment.pauses.push_back({at(1), at(2)});
  assignment.extension_asked = ExtensionRequest{at(3), 5};
  assignment.extended_days = 6;
  assignment.extensions = 1;
  const std::string hex = std::string(golden_ticket_hex)
                              .replace(114, 2, "53")
                              .insert(198,
                                      "a00107a80108b00109ba0107080110011a0163c0010aca010408011002d2"
                                      "010408031005d80106e00101");
  EXPECT_EQ(to_hex(encode(ticket)), hex);
  EXPECT_EQ(decode_ticket(from_hex(hex)), ticket);
  const Change change{
      .version = 3,
      .at = at(5),
      .principal = {},
      .person = {},
      .move = {},
      .events = {Paused{1}, Resumed{1}, ExtensionRequested{1, 5}, ExtensionRuled{1, true, 5},
                 DeadlinesMoved{1, {at(1), at(2), at(3), at(4), {}, at(6)}}}};
  constexpr std::string_view change_hex =
      "08031005"
      "3205f201020801"
      "3205fa01020801"
      "320782020408011005"
      "32098a0206080110011805"
      "321192020e0801120a08011002180320043006";
  EXPECT_EQ(to_hex(encode(change)), change_hex);
  EXPECT_EQ(decode_change(from_hex(change_hex)), change);
}

TEST(Codec, GoldenPersonal) {
  Personal personal;
  personal.caller = {"张某", "138"};
  personal.title = "t";
  personal.content = "c";
  personal.location = Location{1, 2};
  personal.remarks.push_back({1, at(2), "a", "answer", "x"});
  EXPECT_EQ(to_hex(encode(personal)), golden_personal_hex);
  EXPECT_EQ(decode_personal(from_hex(golden_personal_hex)), personal);
}

TEST(Codec, GoldenSmallRecords) {
  CounterRow row;
  row.add(Figure::due_finished, 2, 1);
  row.add(Figure::received, 0, 300);
  EXPECT_EQ(to_hex(encode(row)),
            "1207"
            "0100ac02"
            "190201");
  EXPECT_EQ(to_hex(encode(MetaRecord{1, at(5), 6, 480})),
            "080110051806"
            "20c007");
  EXPECT_EQ(to_hex(encode(QueueValue{at(1622505600000)})), "0880e8faa69c2f");
  EXPECT_EQ(to_hex(encode(LeaseRecord{"q", "p", 1, at(2), 3, false, "", at(4)})),
            "0a0171"
            "120170"
            "190100000000000000"
            "2002"
            "2803"
            "4004");
  EXPECT_EQ(to_hex(encode(IdempotencyRecord{1, TicketId{2}, 3, at(4)})),
            "090100000000000000"
            "1002"
            "1803"
            "2004");
  EXPECT_EQ(to_hex(encode(SourceRecord{TicketId{2}, 1})),
            "0802"
            "110100000000000000");
  EXPECT_EQ(to_hex(encode(OutboxRecord{"a"})), "0a0161");
  EXPECT_EQ(to_hex(encode(OutboxRecord{{}, RecomputeTask{true, "k"}})),
            "52050801"
            "12016b");
  EXPECT_EQ(to_hex(encode(DeadlinesMark{1})), "090100000000000000");
  EXPECT_EQ(to_hex(encode(AuditEntry{at(1), "p", "q", "a", TicketId{2}, "r"})),
            "0801"
            "120170"
            "1a0171"
            "220161"
            "2802"
            "320172");
}

// --- what this version would not have written --------------------------------------------------

template <typename Message>
std::string damaged(std::string_view bytes, const std::function<void(Message&)>& damage) {
  Message message;
  EXPECT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  damage(message);
  return message.SerializeAsString();
}

struct Refusal {
  std::string names;
  std::function<void(records::Ticket&)> damage;
};

TEST(Codec, TicketsWithUnknownNumbersAreRefusedByName) {
  Ticket ticket = golden_ticket();
  ticket.callback.rating = Rating{};
  const std::vector<Refusal> table = {
      {"status", [](auto& m) { m.set_status(0); }},
      {"status", [](auto& m) { m.set_status(99); }},
      {"status", [](auto& m) { m.set_status(257); }},
      {"handling", [](auto& m) { m.set_handling(99); }},
      {"outcome", [](auto& m) { m.set_outcome(0); }},
      {"type", [](auto& m) { m.set_type(99); }},
      {"urgency", [](auto& m) { m.set_urgency(99); }},
      {"id", [](auto& m) { m.clear_id(); }},
      {"assignment.role", [](auto& m) { m.mutable_assignments(0)->set_role(9); }},
      {"assignment.seq", [](auto& m) { m.mutable_assignments(0)->set_seq(65536); }},
      {"assignment.ending", [](auto& m) { m.mutable_assignments(0)->set_ending(99); }},
      {"rating.resolved", [](auto& m) { m.mutable_callback()->mutable_rating()->set_resolved(0); }},
      {"rating.satisfaction",
       [](auto& m) { m.mutable_callback()->mutable_rating()->set_satisfaction(99); }},
      {"classification.type", [](auto& m) { m.clear_classification(); }},
      {"classification.handling", [](auto& m) { m.mutable_classification()->set_handling(99); }},
  };
  for (const auto& [names, damage] : table) {
    const auto decoded = decode_ticket(damaged<records::Ticket>(encode(ticket), damage));
    ASSERT_FALSE(decoded.has_value()) << names;
    EXPECT_EQ(decoded.error().code, ErrorCode::internal);
    EXPECT_THAT(decoded.error().detail, HasSubstr("space ticket, " + names + ": "));
  }
}

TEST(Codec, ChangesWithUnknownNumbersAreRefusedByName) {
  const std::vector<std::pair<std::string, std::function<void(records::Event&)>>> table = {
      {"events", [](auto& m) { m.Clear(); }},
      {"finished.outcome", [](auto& m) { m.mutable_finished()->set_outcome(99); }},
      {"assignment_ended.ending", [](auto& m) { m.mutable_assignment_ended()->set_ending(0); }},
      {"callback_made.outcome", [](auto& m) { m.mutable_callback_made()->set_outcome(99); }},
      {"deadline_passed.deadline", [](auto& m) { m.mutable_deadline_passed()->set_deadline(99); }},
      {"signed.seq", [](auto& m) { m.mutable_signed_()->set_seq(70000); }},
      {"id", [](auto& m) { m.mutable_received(); }},
      {"assignment.role", [](auto& m) { m.mutable_dispatched(); }},
  };
  const Change change{
      .version = 1, .at = {}, .principal = {}, .person = {}, .move = {}, .events = {Closed{}}};
  for (const auto& [names, damage] : table) {
    const auto bytes = damaged<records::Change>(
        encode(change), [&damage](auto& m) { damage(*m.mutable_events(0)); });
    const auto decoded = decode_change(bytes);
    ASSERT_FALSE(decoded.has_value()) << names;
    EXPECT_THAT(decoded.error().detail, HasSubstr("space event, " + names + ": "));
  }
}

TEST(Codec, FieldsOfAnotherVersionAreRefused) {
  const std::string unknown_field = from_hex("f83f01");  // number 1023, varint 1
  EXPECT_FALSE(decode_ticket(encode(golden_ticket()) + unknown_field).has_value());
  EXPECT_FALSE(decode_personal(encode(Personal{}) + unknown_field).has_value());
  EXPECT_FALSE(decode_queue_value(encode(QueueValue{}) + unknown_field).has_value());
  const auto nested = damaged<records::Ticket>(encode(golden_ticket()), [&](auto& m) {
    m.mutable_assignments(0)->MergeFromString(unknown_field);
  });
  const auto decoded = decode_ticket(nested);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_THAT(decoded.error().detail, HasSubstr("assignment: fields of another version"));
}

TEST(Codec, CellsThatNobodyWroteAreRefused) {
  const auto readable = [](std::initializer_list<std::uint64_t> cells) {
    records::Counter message;
    message.mutable_cells()->Add(cells.begin(), cells.end());
    return decode_counter_row(message.SerializeAsString()).has_value();
  };
  EXPECT_TRUE(readable({1, 0, 7, 1, 2, 7}));
  EXPECT_FALSE(readable({1, 0, 7, 2})) << "cut";
  EXPECT_FALSE(readable({0, 0, 7})) << "no figure";
  EXPECT_FALSE(readable({figures_end, 0, 7})) << "a figure of another version";
  EXPECT_FALSE(readable({1, 0, 0})) << "counts nothing";
  EXPECT_FALSE(readable({1, 0, ~0ULL})) << "less than nothing";
  EXPECT_FALSE(readable({1, 2, 7, 1, 0, 7})) << "out of order";
  EXPECT_FALSE(readable({1, 2, 7, 1, 2, 7})) << "twice";
  EXPECT_FALSE(readable({1, 1ULL << 32, 7})) << "later than can be";
}

TEST(Codec, PersonalUnderAKeyThatIsNotThereIsRefused) {
  records::Personal message;
  message.set_key_id(3);
  message.set_sealed("secret");
  const auto decoded = decode_personal(message.SerializeAsString());
  ASSERT_FALSE(decoded.has_value());
  EXPECT_THAT(decoded.error().detail, HasSubstr("space personal, key_id: no key 3"));
  EXPECT_FALSE(decode_personal("").has_value());
}

TEST(Codec, FormatOfAnotherVersionIsRefused) {
  EXPECT_TRUE(check_format(format_number).has_value());
  EXPECT_EQ(check_format(format_number + 1).error().code, ErrorCode::invalid);
  EXPECT_THAT(check_format(format_number + 1).error().detail, HasSubstr("newer version"));
  EXPECT_FALSE(check_format(0).has_value());
}

/// Cut inside a field: always an error. Cut between two fields: an error or a shorter record, which
/// is what the engines' own checksums are for. Never a crash.
template <typename Message, typename Decode>
void survives_cuts_and_flips(const std::string& bytes, const Decode& decode) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = std::string_view(bytes).substr(0, size);
    Message message;
    const bool readable = message.ParseFromArray(cut.data(), static_cast<int>(cut.size()));
    const auto decoded = decode(cut);
    EXPECT_TRUE(readable || !decoded.has_value()) << size;
  }
  RandomDomain random(10);
  for (int i = 0; i < 20000; ++i) {
    auto flipped = bytes;
    for (auto left = 1 + random.number(3); left > 0; --left) {
      flipped[random.number(flipped.size())] = static_cast<char>(random.number(256));
    }
    const auto decoded = decode(flipped);
    EXPECT_TRUE(!decoded || decode(encode(*decoded)).has_value());
  }
}

TEST(Codec, DamagedBytesNeverCrash) {
  RandomDomain random(11);
  survives_cuts_and_flips<records::Ticket>(encode(random.ticket()), decode_ticket);
  survives_cuts_and_flips<records::Personal>(encode(random.personal()), decode_personal);
  survives_cuts_and_flips<records::Change>(encode(random.change()), decode_change);
  survives_cuts_and_flips<records::Counter>(encode(random.counter_row()), decode_counter_row);
}

TEST(Codec, NoiseNeverCrashes) {
  RandomDomain random(12);
  for (int i = 0; i < 20000; ++i) {
    std::string noise(random.number(64), '\0');
    for (auto& byte : noise) byte = static_cast<char>(random.number(256));
    (void)decode_ticket(noise);
    (void)decode_personal(noise);
    (void)decode_change(noise);
    (void)decode_counter_row(noise);
    (void)decode_meta(noise);
    (void)decode_queue_value(noise);
    (void)decode_lease(noise);
    (void)decode_idempotency(noise);
    (void)decode_source(noise);
    (void)decode_audit(noise);
  }
}

/// Few bytes decide the speed of intake (FORMAT.md, "Size").
TEST(Codec, ATicketJustTakenInIsSmall) {
  auto ticket = golden_ticket();
  ticket.classification = Classification{.type = TicketType::complaint,
                                         .category = "010203",
                                         .region = "341282103",
                                         .handling = Handling::transferred,
                                         .lead = "urban-management",
                                         .copy = {"xicheng"},
                                         .emergency = {},
                                         .channel_to_tell = {},
                                         .confidence = 0.83,
                                         .automatic_from = {},
                                         .candidates = {},
                                         .reasons = {},
                                         .catalogue_version = "2021-06-01",
                                         .model_version = {}};
  for (int i = 0; i < 3; ++i) {
    ticket.classification.edit().candidates.push_back({"010203", "urban-management", 0.3});
    ticket.classification.edit().reasons.push_back({"lamp-1", "路灯损坏", 2.5});
  }
  const auto assignment = ticket.assignments.front();
  auto received = ticket;
  received.version = 0;
  received.assignments.clear();
  const Change change{.version = 1,
                      .at = ticket.created_at,
                      .principal = "callcenter-1",
                      .person = {},
                      .move = "intake",
                      .events = {Received{received}, Dispatched{assignment, ticket.category}}};
  EXPECT_LE(encode(ticket).size(), 400u);
  EXPECT_LE(encode(change).size(), 440u);
  RecordProperty("ticket_bytes", static_cast<int>(encode(ticket).size()));
  RecordProperty("change_bytes", static_cast<int>(encode(change).size()));
}

}  // namespace
}  // namespace hotline
