#include "client/export.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "support/store_folder.hpp"
#include "unit/client/fake_server.hpp"

namespace hotline::client {
namespace {

const std::string one = "{\"id\":\"2106010000000001\",\"status\":\"triage\"}\n";
const std::string two = "{\"id\":\"2106010000000002\"}\n";
const std::string three = "{\"id\":\"2106010000000003\"}\n";
const std::string done = "{\"done\":true,\"tickets\":3}\n";

class Export : public testing::Test {
 protected:
  Exit run() { return export_command(daemon, options, people); }

  std::string file() const { return (folder.path() / "out.jsonl").string(); }
  void write_file(const std::string& text) const { std::ofstream(file()) << text; }
  std::string in_file() const {
    std::ostringstream text;
    text << std::ifstream(file()).rdbuf();
    return text.str();
  }
  bool told(const std::string& words) const { return err.str().find(words) != std::string::npos; }

  FakeAnswer answer{200, one + two + three + done};
  FakeRequest seen;
  FakeServer server{[this](const FakeRequest& request) {
    seen = request;
    return answer;
  }};
  test::StoreFolder folder;
  Daemon daemon{server.endpoint(), {"", "王五"}, {.patience = milliseconds{0}}};
  std::ostringstream out;
  std::ostringstream err;
  Terminal people{out, err};
  ExportOptions options;
};

TEST_F(Export, PrintsTheTicketsAndNotTheClosingLine) {
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(out.str(), one + two + three);
  EXPECT_EQ(err.str(), "");
  EXPECT_EQ(seen.target, "/v1/export/tickets");
  EXPECT_EQ(seen.accept, "application/x-ndjson");
  EXPECT_EQ(seen.actor, "王五");
}

TEST_F(Export, AsksForWhatTheFilterSays) {
  options.filter = {{"from", "2026-01-01T00:00:00+08:00"}, {"to", ""}, {"department", "d 1"}};
  options.unmask = true;
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(seen.target,
            "/v1/export/tickets?from=2026-01-01T00%3A00%3A00%2B08%3A00&department=d%201"
            "&unmask=true");
  options = {.kind = ExportKind::events};
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(seen.target, "/v1/export/events");
}

TEST_F(Export, AnEmptyExportIsWhole) {
  answer.body = "{\"done\":true,\"tickets\":0}\n";
  options.output = file();
  write_file("something old");
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(in_file(), "");
  EXPECT_EQ(out.str(), "0 tickets in " + file() + "\n");
}

TEST_F(Export, EveryCutLeavesWholeLinesAndAResumeMakesThemWhole) {
  const std::string all = one + two + three + done;
  options.output = file();
  for (std::size_t came = 1; came < all.size(); ++came) {
    SCOPED_TRACE(came);
    answer = {.status = 200, .body = all.substr(0, came), .cut_off = all.size() - came};
    options.resume = false;
    err.str("");
    write_file("");
    ASSERT_EQ(run(), Exit::unreachable);
    ASSERT_EQ(told("with --resume goes on"), came >= one.size()) << err.str();
    const auto kept = in_file();
    ASSERT_EQ(kept, (one + two + three).substr(0, kept.size()));
    ASSERT_TRUE(kept.empty() || kept.back() == '\n');
    answer = {200, (one + two + three).substr(kept.size()) + done};
    options.resume = true;
    ASSERT_EQ(run(), Exit::ok) << err.str();
    ASSERT_EQ(in_file(), one + two + three);
    const std::string after = kept.empty() ? "" : "?after=" + kept.substr(kept.rfind("21060"), 16);
    ASSERT_EQ(seen.target, "/v1/export/tickets" + after);
  }
}

TEST_F(Export, ALineThatAFileHoldsInPartIsReplaced) {
  options.output = file();
  options.resume = true;
  write_file(one + two + three.substr(0, 10));
  answer.body = three + done;
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(in_file(), one + two + three);
  EXPECT_EQ(seen.target, "/v1/export/tickets?after=2106010000000002");
  EXPECT_EQ(out.str(), "3 tickets in " + file() + "\n");
}

TEST_F(Export, EventsGoOnWithTheLastTicketsWholeStory) {
  const auto change = [](int ticket, int version) {
    return R"({"ticket":"210601000000000)" + std::to_string(ticket) + R"(","change":{"version":)" +
           std::to_string(version) + "}}\n";
  };
  options = {.kind = ExportKind::events, .output = file(), .resume = true};
  const std::string first = change(1, 1) + change(1, 2);
  const std::string rest = change(2, 1) + change(2, 2) + change(3, 1);
  write_file(first + change(2, 1));
  answer.body = rest + done;
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(in_file(), first + rest);
  EXPECT_EQ(seen.target, "/v1/export/events?after=2106010000000001");
  write_file(change(1, 1));
  answer.body = first + rest + done;
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(in_file(), first + rest);
  EXPECT_EQ(seen.target, "/v1/export/events") << "there is none before the first ticket";
}

TEST_F(Export, AResumeRefusesAFileOfSomethingElse) {
  options.output = file();
  options.resume = true;
  const std::string others = one + "{\"ticket\":\"2106010000000001\"}\n";
  write_file(others);
  EXPECT_EQ(run(), Exit::usage);
  EXPECT_TRUE(told("out.jsonl:2: is no line of an export of tickets")) << err.str();
  EXPECT_EQ(in_file(), others);
}

TEST_F(Export, TheDaemonsWordThatItBrokeOffIsToldAndEndsWithAFault) {
  answer.body =
      one + R"({"done":false,"problem":{"status":500,"code":"internal","detail":"x"}})" + "\n";
  options.output = file();
  EXPECT_EQ(run(), Exit::failed);
  EXPECT_EQ(in_file(), one);
  EXPECT_TRUE(told("500 internal: x")) << err.str();
  EXPECT_TRUE(told("out.jsonl holds 1 lines; the same command with --resume goes on there"));
}

TEST_F(Export, AnAnswerThatEndsWithoutTheClosingLineIsNotWhole) {
  answer.body = one + two;
  EXPECT_EQ(run(), Exit::unreachable);
  EXPECT_EQ(out.str(), one + two);
  EXPECT_TRUE(told("ended before its last line")) << err.str();
  EXPECT_TRUE(told("with --output FILE"));
}

TEST_F(Export, ATableComesAsItIsAndItsRowsAreCounted) {
  answer.body = "id,content\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n2,x\r\n";
  options.csv = true;
  options.output = file();
  EXPECT_EQ(run(), Exit::ok);
  EXPECT_EQ(seen.accept, "text/csv");
  EXPECT_EQ(in_file(), answer.body);
  EXPECT_EQ(out.str(), "2 tickets in " + file() + "\n");
  answer.cut_off = 5;
  EXPECT_EQ(run(), Exit::unreachable);
  EXPECT_TRUE(told("exported anew")) << err.str();
}

TEST_F(Export, ARefusalLeavesTheFileAlone) {
  answer = {422, R"({"code":"invalid","detail":"from: is no day"})"};
  options.output = file();
  write_file(one);
  EXPECT_EQ(run(), Exit::failed);
  EXPECT_EQ(in_file(), one);
  EXPECT_TRUE(told("422 invalid: from: is no day")) << err.str();
  EXPECT_FALSE(told("--resume"));
}

TEST_F(Export, WhatCannotBeAskedForIsASentence) {
  const std::vector<std::pair<ExportOptions, std::string>> faults{
      {{.kind = ExportKind::events, .csv = true}, "changes are JSON lines"},
      {{.kind = ExportKind::events, .unmask = true}, "events hold no personal data"},
      {{.csv = true, .output = file(), .resume = true}, "a table begins anew"},
      {{.resume = true}, "--output FILE"},
      {{.output = (folder.path() / "none" / "x").string()}, "cannot write"}};
  for (const auto& [faulty, words] : faults) {
    options = faulty;
    EXPECT_EQ(run(), Exit::usage);
    EXPECT_TRUE(told(words)) << err.str();
  }
  options = {};
  daemon.access.actor = "";
  EXPECT_EQ(run(), Exit::usage);
  EXPECT_TRUE(told("--actor 姓名")) << err.str();
  EXPECT_EQ(seen.target, "");
}

}  // namespace
}  // namespace hotline::client
