#include <fstream>

#include <gtest/gtest.h>

#include "rig.hpp"

// `cmake --install` puts everything where the service and the default settings look for it.

namespace hotline::test {
namespace {

class Install : public ::testing::Test {
 protected:
  void install() const {
    const auto done =
        run(folder_.path(), {"/usr/bin/env", "DESTDIR=" + root().string(), HOTLINE_CMAKE,
                             "--install", HOTLINE_BUILD_DIR, "--prefix", "/usr"});
    ASSERT_EQ(done.code, 0) << done.err;
  }
  std::filesystem::path root() const { return folder_.path() / "root"; }
  std::filesystem::path settings() const { return root() / "etc/hotlined/hotlined.toml"; }

  const StoreFolder folder_;
};

TEST_F(Install, PutsEverythingWhereTheServiceLooks) {
  ASSERT_NO_FATAL_FAILURE(install());
  for (const auto* file :
       {"usr/bin/hotlinectl", "usr/bin/hotline-train", "usr/share/man/man1/hotlinectl.1",
        "usr/share/man/man1/hotline-train.1", "usr/lib/systemd/system/hotlined.service",
        "usr/lib/sysusers.d/hotlined.conf", "usr/share/hotlined/prometheus/alerts.yml",
        "usr/share/hotlined/grafana/hotlined.json", "etc/hotlined/catalogue/rules.csv",
        "etc/hotlined/deadlines/holidays.csv"}) {
    EXPECT_TRUE(std::filesystem::exists(root() / file)) << file;
  }
  const auto service = contents_of(root() / "usr/lib/systemd/system/hotlined.service");
  EXPECT_NE(service.find("ExecStart=/usr/bin/hotlined --config /etc/hotlined/hotlined.toml\n"),
            std::string::npos);
  const auto checked = run(folder_.path(), {(root() / "usr/bin/hotlined").string(), "--config",
                                            settings().string(), "--check-config"});
  EXPECT_EQ(checked.code, 0) << checked.err;
}

TEST_F(Install, KeepsWhatTheOfficeHasEdited) {
  ASSERT_NO_FATAL_FAILURE(install());
  std::ofstream(settings()) << "[http]\nport = 8080\n";
  std::filesystem::remove(root() / "etc/hotlined/catalogue/special.csv");
  ASSERT_NO_FATAL_FAILURE(install());
  EXPECT_EQ(contents_of(settings()), "[http]\nport = 8080\n");
  EXPECT_FALSE(std::filesystem::exists(root() / "etc/hotlined/catalogue/special.csv"));
}

}  // namespace
}  // namespace hotline::test
