#include "config/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/setting.hpp"

namespace hotline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::filesystem::path shipped_file =
    std::filesystem::path(HOTLINE_SOURCE_DIR) / "conf" / "hotlined.toml";

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// A configuration file that lives as long as the test.
class ConfigFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "config-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(std::string_view text) const {
    const std::filesystem::path path = folder_ / "hotlined.toml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Result<Config> load(std::string_view text, std::vector<std::string> overrides = {}) const {
    return load_config(write(text), overrides);
  }
  std::string fault(std::string_view text, std::vector<std::string> overrides = {}) const {
    const Result<Config> config = load(text, std::move(overrides));
    return config ? "accepted" : config.error().detail;
  }

  std::filesystem::path folder_;
};

Result<Config> with(std::vector<std::string> overrides) { return load_config({}, overrides); }

std::string fault_of_overrides(std::vector<std::string> overrides) {
  const Result<Config> config = with(std::move(overrides));
  return config ? "accepted" : config.error().detail;
}

// After a change of the table: HOTLINE_UPDATE=1 build/dev/tests/unit_config
// --gtest_filter='*ShippedFile*'
TEST(DefaultText, IsTheShippedFile) {
  if (std::getenv("HOTLINE_UPDATE") != nullptr) {
    std::ofstream(shipped_file, std::ios::binary) << default_config_text();
  }
  EXPECT_EQ(read(shipped_file), default_config_text());
}

TEST(DefaultText, ReadsAsTheDefaults) {
  const Result<Config> from_file = load_config(shipped_file);
  const Result<Config> from_table = load_config({});
  ASSERT_TRUE(from_file) << from_file.error().detail;
  ASSERT_TRUE(from_table) << from_table.error().detail;
  EXPECT_EQ(from_file->http.port, from_table->http.port);
  EXPECT_EQ(from_file->storage.path, from_table->storage.path);
  EXPECT_EQ(from_file->engine.idempotency_kept, from_table->engine.idempotency_kept);
  EXPECT_THAT(from_file->warnings, IsEmpty());
}

TEST(DefaultText, KeepsLinesShortAndNamesEveryKeyOnce) {
  std::istringstream lines(default_config_text());
  std::size_t keys = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 105u) << line;
    if (!line.empty() && line[0] != '#' && line[0] != '[') ++keys;
  }
  EXPECT_EQ(keys, settings().size());
}

TEST(Defaults, AreThePolicyOfTheRules) {
  const Policy rules;
  const Config config = with({}).value();
  EXPECT_EQ(config.policy.zone, rules.zone);
  EXPECT_EQ(config.policy.auto_dispatch_confidence, rules.auto_dispatch_confidence);
  EXPECT_EQ(config.policy.least_satisfied, rules.least_satisfied);
  EXPECT_EQ(config.policy.extensions_max, rules.extensions_max);
  EXPECT_EQ(config.policy.deadlines->fingerprint(), rules.deadlines->fingerprint());
  EXPECT_EQ(config.working_hours, WorkingHours{});
  EXPECT_EQ(config.policy.callback.direct, rules.callback.direct);
  EXPECT_EQ(config.policy.callback.transferred, rules.callback.transferred);
  EXPECT_EQ(config.policy.callback.sample_percent, rules.callback.sample_percent);
  EXPECT_EQ(config.policy.callback.delay, rules.callback.delay);
  EXPECT_EQ(config.policy.callback.attempts_max, rules.callback.attempts_max);
  EXPECT_EQ(config.policy.callback.retry_delay, rules.callback.retry_delay);
  EXPECT_EQ(config.policy.callback.hours_from, rules.callback.hours_from);
  EXPECT_EQ(config.policy.callback.hours_to, rules.callback.hours_to);
  EXPECT_EQ(config.policy.callback.redo_max, rules.callback.redo_max);
  EXPECT_EQ(config.policy.notice.reminder, rules.notice.reminder);
  EXPECT_EQ(config.policy.notice.overdue, rules.notice.overdue);
  EXPECT_EQ(config.policy.notice.received, rules.notice.received);
  EXPECT_EQ(config.policy.notice.answered, rules.notice.answered);
  EXPECT_EQ(config.policy.notice.extended, rules.notice.extended);
}

// Every row: its bounds are taken, one step beyond is refused with the range and the unit.
TEST(Table, HoldsEachNumberWithinItsRange) {
  for (const Setting& setting : settings()) {
    if (setting.kind != SettingKind::whole) continue;
    SCOPED_TRACE(setting.key);
    const auto min = static_cast<std::int64_t>(setting.min);
    const auto max = static_cast<std::int64_t>(setting.max);
    EXPECT_EQ(hotline::fault_of(setting, min), "");
    EXPECT_EQ(hotline::fault_of(setting, max), "");
    for (const std::int64_t outside : {min - 1, max + 1}) {
      const std::string what = fault_of_overrides({fmt::format("{}={}", setting.key, outside)});
      EXPECT_THAT(what, HasSubstr(fmt::format("{} = {} is not allowed: {} to {}", setting.key,
                                              outside, min, max)));
      EXPECT_THAT(what, EndsWith(std::string(setting.unit)));
    }
  }
}

TEST(Table, HasUniqueKeysInContiguousSectionsAndUnitsInTheirNames) {
  const std::map<std::string_view, std::string_view> suffixes{
      {"_ms", "ms"}, {"_s", "s"}, {"_minutes", "min"}, {"_hours", "h"}, {"_days", "days"}};
  std::set<std::string_view> keys;
  std::set<std::string_view> closed;
  std::string_view section;
  for (const Setting& setting : settings()) {
    SCOPED_TRACE(setting.key);
    EXPECT_TRUE(keys.insert(setting.key).second);
    if (section_of(setting) != section) {
      EXPECT_TRUE(closed.insert(section_of(setting)).second) << "a section in two pieces";
      section = section_of(setting);
    }
    EXPECT_EQ(hotline::fault_of(setting, setting.fallback), "");
    for (const auto& [suffix, unit] : suffixes) {
      if (setting.key.ends_with(suffix)) {
        EXPECT_EQ(setting.unit, unit);
      }
    }
  }
}

// No row writes a field that another row writes: changing one key changes what it says and nothing
// else is lost.
TEST(Table, RefusesAnotherTypeInEveryRow) {
  for (const Setting& setting : settings()) {
    SCOPED_TRACE(setting.key);
    const bool is_text = std::holds_alternative<std::string>(setting.fallback);
    const SettingValue wrong =
        is_text ? SettingValue{std::int64_t{1}} : SettingValue{std::string("1")};
    EXPECT_THAT(hotline::fault_of(setting, wrong), HasSubstr("must be "));
  }
}

TEST(Overrides, ReachTheConfigInBaseUnits) {
  const Config config = with({"http.address=::1",
                              "http.port=0",
                              "http.threads=3",
                              "http.header_kb_max=8",
                              "http.body_kb_max=64",
                              "http.idle_timeout_s=5",
                              "http.header_timeout_ms=250",
                              "storage.engine=memory",
                              "storage.path=var/x=y",
                              "storage.cache_mb=16",
                              "engine.shard=7",
                              "engine.queue_mb_max=2",
                              "engine.idempotency_days=2",
                              "policy.zone_offset=-03:30",
                              "policy.auto_dispatch_confidence=1",
                              "policy.least_satisfied=satisfied",
                              "policy.extensions_max=2",
                              "deadlines.path=limits",
                              "deadlines.morning_from=08:30",
                              "deadlines.afternoon_from=14:00",
                              "policy.callback.hours_from=08:30",
                              "policy.callback.hours_to=24:00",
                              "auth.mode=none",
                              "log.level=debug",
                              "log.format=json",
                              "log.access=true",
                              "metrics.address=127.0.0.1",
                              "metrics.port=9",
                              "metrics.queues_max=5",
                              "catalogue.path=\"a \\\"b\\\"\""})
                            .value();
  EXPECT_EQ(config.http.address, "::1");
  EXPECT_EQ(config.http.port, 0);
  EXPECT_EQ(config.http.threads, 3u);
  EXPECT_EQ(config.http.header_bytes_max, 8u * 1024);
  EXPECT_EQ(config.http.body_bytes_max, 64u * 1024);
  EXPECT_EQ(config.http.idle_timeout, std::chrono::seconds{5});
  EXPECT_EQ(config.http.header_timeout, std::chrono::milliseconds{250});
  EXPECT_EQ(config.storage.engine, StorageEngine::memory);
  EXPECT_EQ(config.storage.path, "var/x=y");
  EXPECT_EQ(config.storage.cache_bytes, 16u << 20);
  EXPECT_EQ(config.engine.shard, 7u);
  EXPECT_EQ(config.engine.queue_bytes_max, 2u << 20);
  EXPECT_EQ(config.engine.idempotency_kept, std::chrono::hours{48});
  EXPECT_EQ(config.policy.zone, -std::chrono::minutes{210});
  EXPECT_EQ(config.policy.auto_dispatch_confidence, 1.0);
  EXPECT_EQ(config.policy.least_satisfied, Satisfaction::satisfied);
  EXPECT_EQ(config.policy.extensions_max, 2u);
  EXPECT_EQ(config.deadlines_path, "limits");
  EXPECT_EQ(config.working_hours.morning_from, std::chrono::minutes{510});
  EXPECT_EQ(config.working_hours.afternoon_from, std::chrono::hours{14});
  EXPECT_EQ(config.policy.callback.hours_from, std::chrono::minutes{510});
  EXPECT_EQ(config.policy.callback.hours_to, std::chrono::hours{24});
  EXPECT_EQ(config.auth.mode, AuthMode::none);
  EXPECT_EQ(config.log.level, LogLevel::debug);
  EXPECT_EQ(config.log.format, LogFormat::json);
  EXPECT_TRUE(config.log.access);
  EXPECT_EQ(config.metrics.address, "127.0.0.1");
  EXPECT_EQ(config.metrics.port, 9);
  EXPECT_EQ(config.metrics.queues_max, 5u);
  EXPECT_EQ(config.catalogue_path, "a \"b\"");
  EXPECT_THAT(config.warnings, ElementsAre(HasSubstr("every ticket is lost")));
}

TEST(Overrides, AreRefusedWithWhatIsAllowed) {
  EXPECT_THAT(fault_of_overrides({"http.port"}), HasSubstr("is not of the form key=value"));
  EXPECT_THAT(fault_of_overrides({"http.port="}), HasSubstr("allowed: 0 to 65535"));
  EXPECT_THAT(fault_of_overrides({"http.port=\"80\""}), HasSubstr("must be an integer"));
  EXPECT_THAT(fault_of_overrides({"http.port=8\nx=1"}), Not(HasSubstr("accepted")));
  EXPECT_THAT(fault_of_overrides({"http.port=[1]"}), HasSubstr("not a list, table or date"));
  EXPECT_THAT(fault_of_overrides({"http.port=99999999999999999999"}), Not(HasSubstr("accepted")));
  EXPECT_THAT(fault_of_overrides({"log.access=1"}), HasSubstr("must be true or false"));
  EXPECT_THAT(fault_of_overrides({"log.level=loud"}),
              HasSubstr("one of: trace, debug, info, warn, error"));
  EXPECT_THAT(fault_of_overrides({"http.address=localhost"}), HasSubstr("an IP address"));
  EXPECT_THAT(fault_of_overrides({"http.address="}), HasSubstr("an IP address"));
  EXPECT_THAT(fault_of_overrides({"policy.zone_offset=08:00"}), HasSubstr("-14:00 to +14:00"));
  EXPECT_THAT(fault_of_overrides({"policy.callback.hours_to=24:01"}), HasSubstr("00:00 to 24:00"));
  EXPECT_THAT(fault_of_overrides({"policy.auto_dispatch_confidence=nan"}), HasSubstr("0 to 1"));
  EXPECT_THAT(fault_of_overrides({"storage.path="}), HasSubstr("a path"));
}

TEST_F(ConfigFile, IsOverriddenByTheCommandLine) {
  const Config config = load("[http]\nport = 1000\nthreads = 2\n", {"http.port=2000"}).value();
  EXPECT_EQ(config.http.port, 2000);
  EXPECT_EQ(config.http.threads, 2u);
}

TEST_F(ConfigFile, NamesEveryFaultAtOnceWithItsPlace) {
  const Result<Config> config = load(
      "[http]\n"
      "port = 70000\n"
      "  idle_timeout_s = \"75\"\n"
      "prot = 1\n"
      "[storge]\n"
      "path = \"x\"\n"
      "[log]\n"
      "level = []\n",
      {"engine.shard=100"});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::invalid);
  const std::string file = (folder_ / "hotlined.toml").string();
  const auto is = [&](std::string key, std::string place, std::string what) {
    return testing::AllOf(Field(&FieldError::pointer, key),
                          Field(&FieldError::detail, StartsWith(place)),
                          Field(&FieldError::detail, HasSubstr(what)));
  };
  EXPECT_THAT(
      config.error().errors,
      ElementsAre(
          is("http.port", file + ":2:8: ", "http.port = 70000 is not allowed: 0 to 65535"),
          is("http.idle_timeout_s", file + ":3:20: ", "must be an integer, not \"75\""),
          is("http.prot", file + ":4:1: ", "unknown key http.prot; did you mean http.port?"),
          is("storge", file + ":5:2: ", "unknown section storge; did you mean storage?"),
          is("log.level", file + ":8:9: ", "one of: trace, debug"),
          is("engine.shard", "override engine.shard=100: ", "0 to 99")));
  EXPECT_EQ(std::ranges::count(config.error().detail, '\n'), 5);
}

TEST_F(ConfigFile, GivesSyntaxErrorsAPlace) {
  EXPECT_THAT(fault("[http]\nport = = 1\n"), HasSubstr("hotlined.toml:2:"));
  EXPECT_THAT(fault("[http]\nport = 1\nport = 2\n"), HasSubstr("hotlined.toml:3:"));
  EXPECT_THAT(fault("http.port = \"\xFF\"\n"), HasSubstr("hotlined.toml:1:"));
}

TEST_F(ConfigFile, SuggestsWhatWasMeant) {
  EXPECT_THAT(fault("[policy]\nattempts_max = 3\n"),
              HasSubstr("did you mean policy.callback.attempts_max?"));
  EXPECT_THAT(fault("port = 3\n"), HasSubstr("unknown key port; did you mean http.port?"));
  EXPECT_THAT(fault("[http]\nzzzzzzzzzzzzzzzzz = 3\n"), Not(HasSubstr("did you mean")));
  EXPECT_THAT(fault("[http.port]\nx = 3\n"), HasSubstr("not a list, table or date"));
  EXPECT_THAT(fault("http = 3\n"), HasSubstr("unknown key http"));
}

TEST_F(ConfigFile, MustBeThereAndOfReasonableSize) {
  EXPECT_THAT(load_config(folder_ / "absent.toml").error().detail,
              HasSubstr("absent.toml: cannot be read"));
  EXPECT_THAT(load_config(folder_).error().detail, HasSubstr("cannot be read"));
  EXPECT_THAT(fault(std::string((1u << 20) + 1, '#')), HasSubstr("is larger than"));
}

TEST(CrossCheck, AllowsNoAuthenticationOnLoopbackOnly) {
  for (const std::string address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(with({"auth.mode=none", "http.address=" + address})) << address;
  }
  for (const std::string address : {"0.0.0.0", "::", "10.0.0.1", "::2", "::ffff:10.0.0.1"}) {
    EXPECT_THAT(fault_of_overrides({"auth.mode=none", "http.address=" + address}),
                HasSubstr("must be a loopback address"))
        << address;
    EXPECT_TRUE(with({"http.address=" + address})) << address;
  }
}

TEST(CrossCheck, RefusesWhatCannotWorkTogether) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"auth.tokens_file="}, "auth.tokens_file must name a file"},
      {{"policy.callback.hours_from=20:00"}, "must be later than policy.callback.hours_from"},
      {{"http.body_kb_max=2048", "engine.queue_mb_max=1"}, "must hold a body"},
      {{"engine.queue_items_max=100"}, "must not exceed engine.queue_items_max"},
      {{"metrics.address=::1", "metrics.port=12345"}, "must not be the same as http.port"},
      {{"deadlines.morning_to=09:00"}, "must be later than deadlines.morning_from"},
      {{"deadlines.morning_to=13:30"}, "must not be earlier than deadlines.morning_to"},
      {{"deadlines.afternoon_to=12:59"}, "must not be earlier than deadlines.afternoon_from"},
  };
  for (const auto& [overrides, what] : cases) {
    EXPECT_THAT(fault_of_overrides(overrides), HasSubstr(what));
  }
  EXPECT_TRUE(with({"metrics.port=12345"})) << "unused without metrics.address";
}

TEST(CrossCheck, WarnsOfWhatLooksLikeAMistake) {
  EXPECT_THAT(with({"storage.engine=memory"})->warnings, ElementsAre(StartsWith("storage.engine")));
  EXPECT_THAT(with({})->warnings, SizeIs(0));
}

}  // namespace
}  // namespace hotline
