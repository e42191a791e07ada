#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/play.hpp"

// The state machine is one table of ARCHITECTURE.md. Here every move is tried in every state: where
// the table names states the move leads to those and to no other, where it names none the move is
// refused with a stable code that says what is possible.

namespace hotline {
namespace {

using test::confident;
using test::Play;

const Actor supervisor{"test", "李四", nullptr, true};

/// state → move → states that it may lead to.
using Table = std::map<std::string, std::map<std::string, std::set<std::string>>>;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  static const std::regex cell(R"(\|([^|]*))");
  for (std::sregex_iterator it(line.begin(), line.end(), cell), end; it != end; ++it) {
    cells.push_back((*it)[1]);
  }
  if (!cells.empty()) cells.pop_back();  // what stands behind the last bar
  return cells;
}

std::set<std::string> words_of(const std::string& text) {
  static const std::regex word("[a-z_-]+");
  return {std::sregex_token_iterator(text.begin(), text.end(), word), {}};
}

/// The table whose header line begins with `| move |`.
Table documented() {
  std::ifstream in(std::string(HOTLINE_SOURCE_DIR) + "/ARCHITECTURE.md");
  Table table;
  std::vector<std::string> states;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| move |")) {
      for (const auto& cell : cells_of(line)) states.push_back(*words_of(cell).begin());
    } else if (!states.empty() && line.starts_with("| `")) {
      const auto cells = cells_of(line);
      const auto move = *words_of(cells.at(0)).begin();
      for (std::size_t i = 1; i < states.size(); ++i) {
        table[states[i]][move] = words_of(cells.at(i));
      }
    } else if (!states.empty() && !line.starts_with("|")) {
      break;
    }
  }
  return table;
}

Policy with_notices() {
  Policy policy;
  policy.notice.received = true;  // so that every ticket has one that can be notified
  return policy;
}

Intake unsure() {
  Intake move = confident("ZJ");
  move.classification.edit().confidence = 0.5;
  return move;
}
Intake emergency() {
  Intake move = unsure();
  move.classification.edit().emergency = "119";
  return move;
}
Intake direct() {
  Intake move = confident("");
  move.classification.edit().handling = Handling::direct;
  return move;
}
Intake by_letter() {
  Intake move = confident("ZJ");
  move.channel = "letter";
  move.personal.caller.phone.clear();
  return move;
}
const Dispatch with_assist{"ZJ", {"GA"}, {}, {}, {}};
const Return give_back{"ZJ", ReturnReason::not_competent, "CG", "条例第六条"};
const Return give_back_again{"CG", ReturnReason::not_competent, "ZJ", "条例第六条"};
const CallbackAttempt pleased{CallbackOutcome::reached, true, Resolved::yes,
                              Satisfaction::satisfied, ""};
const CallbackAttempt displeased{CallbackOutcome::reached, true, Resolved::no,
                                 Satisfaction::dissatisfied, ""};
const CallbackAttempt nobody{CallbackOutcome::no_answer, false, Resolved::no, std::nullopt, ""};

/// Ways into the states, several where a state's tickets differ in what they allow.
const std::vector<std::vector<Move>> lives{
    {unsure()},
    {emergency()},
    {confident("ZJ"), give_back, Rule{true, "", ""}},
    {unsure(), with_assist, give_back, Rule{true, "", ""}},
    {direct()},
    {confident("ZJ")},
    {unsure(), with_assist},
    {confident("ZJ"), give_back, Rule{true, "CG", ""}},
    {confident("ZJ"), give_back, Rule{true, "CG", ""}, give_back_again, Rule{true, "ZJ", ""}},
    {confident("ZJ"), Sign{}, Answer{"", "好"}, displeased},
    {confident("ZJ"), Sign{}},
    {by_letter(), Sign{}},
    {unsure(), with_assist, Sign{"ZJ"}},
    {unsure(), with_assist, Sign{"ZJ"}, Sign{"GA"}},
    {confident("ZJ"), Sign{}, Answer{"", "好"}, displeased, Sign{}},
    {confident("ZJ"), give_back},
    {unsure(), with_assist, give_back},
    {unsure(), with_assist, Sign{"GA"}, give_back},
    {unsure(), with_assist, Sign{"GA"}, PauseClocks{"GA", "送检"}, give_back},
    {unsure(), with_assist, Sign{"GA"}, RequestExtension{"GA", {}, "需协调"}, give_back},
    {confident("ZJ"), Sign{}, PauseClocks{"", "送检"}},
    {confident("ZJ"), Sign{}, RequestExtension{"", {}, "需协调"}},
    {confident("ZJ"), Sign{}, give_back},
    {confident("ZJ"), give_back, Rule{true, "CG", ""}, give_back_again},
    {confident("ZJ"), Sign{}, Answer{"", "好"}},
    {confident("ZJ"), Sign{}, Answer{"", "好"}, nobody, nobody},
    {direct(), Answer{"", "好"}},
    {confident("ZJ"), Sign{}, Answer{"", "好"}, pleased},
    {unsure(), Reject{"无实质内容"}},
};

Amend correction() {
  Amend move;
  move.region = "341282";
  return move;
}

/// Every move that people make on a ticket, in every form that leads elsewhere.
const std::vector<Move> moves{Dispatch{"JT", {}, {}, {}, {}},
                              TakeDirect{},
                              Sign{"ZJ"},
                              Sign{"CG"},
                              Sign{"GA"},
                              Contact{"ZJ", ""},
                              Contact{"CG", ""},
                              Contact{"GA", ""},
                              Answer{"", "好"},
                              Answer{"ZJ", "好"},
                              Answer{"GA", "好"},
                              give_back,
                              give_back_again,
                              Rule{true, "JT", ""},
                              Rule{true, "", ""},
                              Rule{false, "", ""},
                              PauseClocks{"", "送检"},
                              ResumeClocks{"", "报告已出"},
                              RequestExtension{"", {}, "需协调"},
                              RuleExtension{"", true, {}, ""},
                              RuleExtension{"", false, {}, "理由不足"},
                              Redirect{"法院", ""},
                              Reject{"无实质内容"},
                              Acknowledge{"119-1"},
                              pleased,
                              displeased,
                              nobody,
                              correction(),
                              Supplement{"又坏了"},
                              Withdraw{"自行解决"},
                              Notified{1'001, NoticeOutcome::sent, ""}};

Play lived(const std::vector<Move>& life) {
  Play play(with_notices());
  for (const auto& move : life) {
    play.now += std::chrono::minutes{10};
    if (std::holds_alternative<CallbackAttempt>(move)) play.now += std::chrono::hours{24};
    const auto done = play.move(move, supervisor);
    EXPECT_TRUE(done) << name(move) << ": " << done.error().detail;
  }
  return play;
}

/// What the rules do, in the form of the table. A refusal is checked where it is seen.
Table tried() {
  Table table;
  for (const auto& life : lives) {
    const Play start = lived(life);
    const std::string state(name(start.ticket.status));
    for (const auto& move : moves) {
      Play play = start;
      const std::string word(name(move));
      auto& leads_to = table[state][word];
      const auto done = play.move(move, supervisor);
      if (done) {
        leads_to.emplace(name(play.ticket.status));
        EXPECT_THAT(allowed_moves(start.ticket), testing::Contains(word)) << state;
      } else if (done.error().code == ErrorCode::wrong_state) {
        EXPECT_THAT(done.error().detail, testing::HasSubstr("possible")) << state << " " << word;
      } else {
        EXPECT_THAT(allowed_moves(start.ticket), testing::Contains(word))
            << state << ": " << done.error().detail;
      }
    }
  }
  return table;
}

TEST(StateTable, EveryMoveInEveryStateDoesWhatTheDocumentDraws) {
  const auto drawn = documented();
  const auto real = tried();
  ASSERT_EQ(drawn.size(), terms(Status{}).size());
  for (const auto& [state, row] : real) {
    for (const auto& [move, states] : row) {
      const auto found = drawn.at(state).find(move);
      ASSERT_NE(found, drawn.at(state).end()) << move << " is not drawn";
      EXPECT_EQ(found->second, states) << state << " " << move;
    }
  }
}

TEST(StateTable, NoStateAndNoMoveIsLeftOut) {
  const auto real = tried();
  EXPECT_EQ(real.size(), terms(Status{}).size());
  std::set<std::string_view> left(move_names().begin(), move_names().end());
  for (const auto& [move, states] : real.begin()->second) left.erase(move);
  const std::set<std::string_view> not_of_people{"intake", "import", "tick", "recall", "recompute"};
  EXPECT_EQ(left, not_of_people);
}

TEST(StateTable, AMoveIsAllowedWhereSomeoneMayMakeIt) {
  for (const auto& life : lives) {
    const Play start = lived(life);
    std::set<std::string_view> done;
    for (const auto& move : moves) {
      Play play = start;
      if (play.move(move, supervisor)) done.insert(name(move));
    }
    for (const auto allowed : allowed_moves(start.ticket)) {
      EXPECT_TRUE(done.contains(allowed)) << name(start.ticket.status) << " " << allowed;
    }
  }
}

}  // namespace
}  // namespace hotline
