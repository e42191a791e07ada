#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// A checkpoint of a running daemon, and a daemon that starts on it elsewhere.

namespace hotline::test {
namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;

Files files_of(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    files[entry.path().string()] = entry.is_regular_file() ? contents_of(entry.path()) : "";
  }
  return files;
}

class Restore : public ::testing::Test {
 protected:
  Restore() { post(20); }

  void post(int count) {
    Web web = rig.web();
    for (int i = 0; i < count; ++i) {
      const auto reply = web.post("/v1/tickets", {{"channel", "phone"}, {"content", "路灯不亮"}});
      ASSERT_EQ(reply.status, 201U) << reply.body;
    }
  }
  fs::path checkpoint(const std::string& name) {
    std::vector<std::string> words{"--json", "checkpoint"};
    if (!name.empty()) words.push_back(name);
    const auto ended = rig.ctl(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return text(json::parse(ended.out), "/path");
  }
  Ended restore(const fs::path& from, const fs::path& to) {
    return rig.ctl({"restore", from.string(), to.string()});
  }
  void expect_refused(const fs::path& from, const fs::path& to, int code, const char* why) {
    SCOPED_TRACE(why);
    const auto before = fs::is_directory(to) ? files_of(to) : Files{};
    const auto ended = restore(from, to);
    EXPECT_EQ(ended.code, code);
    EXPECT_NE(ended.err.find(why), std::string::npos) << ended.err;
    EXPECT_TRUE(!fs::is_directory(to) || files_of(to) == before);
  }

  Rig rig{RigOptions{.clock = "2026-03-02T12:00:00+08:00"}};
};

TEST_F(Restore, ADaemonStartsOnWhatWasRestoredWithTheTicketsOfTheCheckpoint) {
  const auto made = checkpoint("before-the-storm");
  EXPECT_EQ(made.filename(), "before-the-storm");
  post(5);
  rig.stop();
  const auto kept = rig.folder() / "kept";
  fs::rename(rig.storage(), kept);
  const auto copy = kept / "checkpoints" / "before-the-storm";
  const auto before = files_of(copy);
  const auto ended = restore(copy, rig.storage());
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.out.find("restored 20 tickets and 20 changes"), std::string::npos) << ended.out;
  EXPECT_TRUE(files_of(copy) == before) << "the checkpoint was changed";
  rig.start();
  post(1);
  Web web = rig.web();
  EXPECT_EQ(all_tickets(web).size(), 21U);
  rig.stop();
  EXPECT_NE(rig.check_stopped().find("nothing found"), std::string::npos);
  EXPECT_TRUE(files_of(copy) == before) << "the daemon wrote to the checkpoint";
  rig.start();
}

TEST_F(Restore, WhatIsInTheWayOrNoCheckpointIsRefusedAndLeftAlone) {
  const auto made = checkpoint("one");
  const auto fresh = rig.folder() / "fresh";
  const auto full = rig.folder() / "full";
  fs::create_directory(full);
  std::ofstream(full / "letter") << "dear";
  expect_refused(made, full, 2, "is not empty");
  expect_refused(made, full / "letter", 2, "is no folder");
  expect_refused(made, made / "inside", 2, "lies in the checkpoint");
  expect_refused(full, fresh, 2, "is no checkpoint");
  expect_refused(rig.storage() / "store", fresh, 2, "the store of a running daemon");
  const auto busy = restore(made, rig.storage());
  EXPECT_EQ(busy.code, 2);
  EXPECT_NE(busy.err.find("is in use by a running daemon"), std::string::npos) << busy.err;
  EXPECT_FALSE(fs::exists(fresh));
}

TEST_F(Restore, ADamagedCheckpointIsToldAndNothingStays) {
  const auto fresh = rig.folder() / "fresh";
  for (const std::string kind : {"MANIFEST", ".sst", "CURRENT"}) {
    SCOPED_TRACE(kind);
    const auto made = checkpoint(fmt::format("damage-{}", kind.size()));
    for (const auto& entry : fs::directory_iterator(made)) {
      const auto damaged = entry.path().filename().string().find(kind) != std::string::npos;
      if (damaged) fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
    }
    const auto before = files_of(made);
    const auto ended = restore(made, fresh);
    EXPECT_EQ(ended.code, 1) << ended.out;
    EXPECT_NE(ended.err, "");
    EXPECT_FALSE(fs::exists(fresh));
    EXPECT_TRUE(files_of(made) == before);
  }
}

TEST_F(Restore, ChecksOfOneMomentDoNotStandInEachOthersWay) {
  checkpoint("");
  for (int i = 0; i < 3; ++i) {
    const auto checked = rig.ctl({"check"});
    EXPECT_EQ(checked.code, 0) << checked.err;
  }
}

TEST_F(Restore, ACheckpointsNameIsOnePlainWord) {
  const auto ended = rig.ctl({"checkpoint", "../escape"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("plain name"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace hotline::test
