#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "api/auth.hpp"
#include "rig.hpp"

// hotlinectl with a wrong command line, without a token, without a daemon.

namespace hotline::test {
namespace {

struct Fault {
  std::vector<std::string> arguments;
  const char* said;
};

const std::vector<Fault> faults{
    {{}, "name a command: status, post,"},
    {{"quues"}, "there is no command 'quues'; the commands are status, post,"},
    {{"--bar"}, "there is no option --bar"},
    {{"queues", "--bar"}, "queues has no option --bar\nsee hotlinectl queues --help"},
    {{"queues", "triage"}, "queues does not expect 'triage'"},
    {{"report", "--format", "pdf"}, "--format: 'pdf' is none of table, json, csv, sentence"},
    {{"report", "--group-by", "age"}, "--group-by: 'age' is none of department, category,"},
    {{"report", "--by", "hour"}, "--by: 'hour' is none of day, week, month, quarter,"},
    {{"report", "--from"}, "report: --from needs a value"},
    {{"export", "queues"}, "what: 'queues' is none of tickets, events"},
    {{"export", "tickets"}, "recorded with who asks: --actor 姓名, or HOTLINE_ACTOR"},
    {{"simulate", "--workers", "0"}, "--workers: '0' is not a number from 1 to 256"},
    {{"simulate", "--seed", "x"}, "--seed = x is not a number"},
    {{"ticket"}, "ticket: id is required"},
    {{"ticket", "17"}, "'17': not a ticket id"},
    {{"post"}, "post: give a file"},
    {{"--zone", "8", "status"}, "--zone: '8' is not a zone such as +08:00"},
    {{"--url", "here", "status"}, "'here' is not a base URL"},
    {{"--token-file", "none", "status"}, "--token-file: cannot read a token from none"},
};

TEST(CtlUsage, EveryFaultIsASentenceThatNamesTheWordAndEndsWith2) {
  const StoreFolder folder;
  for (const auto& [arguments, said] : faults) {
    SCOPED_TRACE(said);
    std::vector<std::string> words{HOTLINECTL};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto ended = run(folder.path(), words);
    EXPECT_EQ(ended.code, 2);
    EXPECT_TRUE(ended.err.starts_with("hotlinectl: ")) << ended.err;
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

TEST(CtlUsage, HelpAndVersionEndWith0) {
  const StoreFolder folder;
  for (const auto* word : {"--help", "--help-all", "--version"}) {
    const auto ended = run(folder.path(), {HOTLINECTL, word});
    EXPECT_EQ(ended.code, 0) << word;
    EXPECT_EQ(ended.err, "") << word;
    EXPECT_NE(ended.out, "") << word;
  }
}

/// What matches the pattern's first group, without repeats.
std::set<std::string> found(const std::string& text, const char* pattern) {
  const std::regex sought(pattern);
  std::set<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), sought), end; at != end; ++at) {
    all.insert((*at)[1]);
  }
  return all;
}

std::set<std::string> options_of_help(const std::string& help) {
  auto options = found(help, R"(\n +(?:-h,)?--([a-z-]+))");
  options.erase("help");
  options.erase("help-all");
  return options;
}

/// The part of the manual from one heading to the next of its kind or above.
std::string section(const std::string& manual, const std::string& heading) {
  const auto begin = manual.find("\n" + heading);
  if (begin == std::string::npos) return {};
  const auto end = std::min(manual.find("\n.Ss ", begin + 1), manual.find("\n.Sh ", begin + 1));
  return manual.substr(begin, end - begin);
}

TEST(CtlUsage, TheManualHasEveryCommandAndOptionAndNoOther) {
  const StoreFolder folder;
  const auto manual = contents_of(source_folder() / "src" / "hotlinectl" / "hotlinectl.1");
  const auto help = [&](std::vector<std::string> words) {
    words.insert(words.begin(), HOTLINECTL);
    words.emplace_back("--help");
    return run(folder.path(), words).out;
  };
  const auto whole = help({});
  const auto commands = found(whole.substr(whole.find("\nFor ")), R"(\n  ([a-z]+) )");
  EXPECT_EQ(found(manual, R"(\n\.Ss ([a-z]+))"), commands);
  for (const auto& command : commands) {
    SCOPED_TRACE(command);
    const auto told = found(section(manual, ".Ss " + command), R"(\bFl -([a-z-]+))");
    for (const auto& option : options_of_help(help({command}))) {
      EXPECT_TRUE(told.contains(option)) << option;
    }
  }
  const auto all = run(folder.path(), {HOTLINECTL, "--help-all"}).out;
  auto options = options_of_help(all);
  options.insert({"help", "help-all"});
  EXPECT_EQ(found(manual, R"(\bFl -([a-z-]+))"), options);
}

TEST(CtlUsage, ADaemonThatIsNotThereIsNamedAndHowToNameAnother) {
  const StoreFolder folder;
  const auto url = "http://127.0.0.1:" + std::to_string(free_port());
  const auto ended = run(folder.path(), {HOTLINECTL, "--url", url, "--patience", "0", "queues"});
  EXPECT_EQ(ended.code, 3);
  for (const auto* word : {url.c_str(), "--url", "HOTLINE_URL"}) {
    EXPECT_NE(ended.err.find(word), std::string::npos) << ended.err;
  }
}

TEST(CtlUsage, AMissingOrWrongTokenIsToldWhereItIsReadFrom) {
  const StoreFolder folder;
  const auto tokens = folder.path() / "tokens";
  std::ofstream(tokens) << R"([{"name":"desk","scopes":["desk"],"sha256":")"
                        << api::sha256_hex("desk-secret") << "\"}]";
  const auto wrong = folder.path() / "wrong";
  std::ofstream(wrong) << "nonsense\n";
  const auto right = folder.path() / "right";
  std::ofstream(right) << "desk-secret\r\n";
  const Rig rig({.settings = {"auth.mode=tokens", "auth.tokens_file=" + tokens.string()}});
  const std::vector<std::vector<std::string>> refused{{"queues"},
                                                      {"--token-file", wrong.string(), "queues"}};
  for (const auto& arguments : refused) {
    const auto ended = rig.ctl(arguments);
    EXPECT_EQ(ended.code, 1);
    for (const auto* word : {"401 unauthenticated", "HOTLINE_TOKEN", "--token-file"}) {
      EXPECT_NE(ended.err.find(word), std::string::npos) << ended.err;
    }
    EXPECT_EQ(ended.err.find("nonsense"), std::string::npos) << ended.err;
  }
  EXPECT_EQ(rig.ctl({"--token-file", right.string(), "queues"}).code, 0);
}

}  // namespace
}  // namespace hotline::test
