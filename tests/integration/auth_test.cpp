#include "api/auth.hpp"

#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"
#ifdef HOTLINE_WITH_ROCKSDB
#include "records/codec.hpp"
#include "storage/rocks_store.hpp"
#endif

// Who may do and see what, with the daemon's own token file.

namespace hotline::test {
namespace {

struct Token {
  const char* name;
  std::vector<const char*> scopes;
};

/// In the file stands only the hash; the token itself is the name with a suffix.
std::string secret_of(const std::string& name) { return name + "-secret"; }

const std::vector<Token> tokens{{"callcenter", {"intake"}},    {"zjj", {"department:zjj"}},
                                {"cgj", {"department:cgj/*"}}, {"desk", {"desk"}},
                                {"agents", {"callback"}},      {"boss", {"supervisor"}},
                                {"prometheus", {"metrics"}},   {"root", {"admin"}}};

class Auth : public ::testing::Test {
 protected:
  Auth() {
    json::array file;
    for (const auto& token : tokens) {
      json::array scopes;
      for (const auto* scope : token.scopes) scopes.emplace_back(scope);
      file.push_back({{"name", token.name},
                      {"sha256", api::sha256_hex(secret_of(token.name))},
                      {"scopes", std::move(scopes)}});
    }
    const auto path = tokens_folder_.path() / "tokens";
    std::ofstream(path) << json::serialize(file);
    rig_ = std::make_unique<Rig>(
        RigOptions{.settings = {"auth.mode=tokens", "auth.tokens_file=" + path.string()}});
  }

  Web as(const std::string& name, const std::string& person = "李四") const {
    Headers headers{{"Authorization", "Bearer " + secret_of(name)}};
    if (!person.empty()) headers.emplace_back("Hotline-Actor", person);
    return rig_->web(std::move(headers));
  }

  std::string post(const std::string& department, bool confidential = false) {
    const auto reply =
        as("callcenter")
            .post(
                "/v1/tickets",
                {{"channel", "phone"},
                 {"content", "外墙漏水,我的电话13812345678,请回电。"},
                 {"address", "东关街道鼓楼社区9栋"},
                 {"department", department},
                 {"caller",
                  {{"name", "张三丰"}, {"phone", "13812345678"}, {"confidential", confidential}}}});
    EXPECT_EQ(reply.status, 201U) << reply.body;
    EXPECT_EQ(reply.body.find("13812345678"), std::string::npos) << reply.body;
    return text(reply.json(), "/id");
  }

  StoreFolder tokens_folder_;
  std::unique_ptr<Rig> rig_;
};

TEST_F(Auth, NobodyGetsInWithoutAKnownToken) {
  for (const auto* header : {"", "Bearer ", "Bearer nobody", "Basic ZGVzazpkZXNr"}) {
    SCOPED_TRACE(header);
    Web web = rig_->web({{"Authorization", header}});
    for (const auto* target : {"/v1/tickets", "/v1/queues", "/v1/catalogue", "/metrics"}) {
      const auto reply = web.get(target);
      EXPECT_EQ(reply.status, 401U) << target;
      EXPECT_EQ(reply.header("WWW-Authenticate"), "Bearer");
      EXPECT_EQ(text(reply.json(), "/code"), "unauthenticated");
    }
  }
}

TEST_F(Auth, HealthAndTheApiDescriptionNeedNoToken) {
  Web web = rig_->web();
  for (const auto* target : {"/livez", "/readyz", "/openapi.json"}) {
    EXPECT_EQ(web.get(target).status, 200U) << target;
  }
}

TEST_F(Auth, WrongScopeIsForbiddenAndToldWhichOneIsNeeded) {
  const auto id = post("zjj");
  struct Refusal {
    const char* who;
    const char* method;
    std::string target;
    const char* needed;
  };
  const std::vector<Refusal> refusals{
      {"desk", "POST", "/v1/tickets", "intake"},
      {"callcenter", "GET", "/v1/tickets", "desk"},
      {"callcenter", "POST", "/v1/tickets/" + id + ":sign", "department"},
      {"zjj", "POST", "/v1/tickets/" + id + ":dispatch", "desk"},
      {"zjj", "POST", "/v1/tickets/" + id + ":callback", "callback"},
      {"agents", "POST", "/v1/queues/triage/leases", "triage"},
      {"desk", "POST", "/v1/queues/callback/leases", "callback"},
      {"cgj", "POST", "/v1/queues/zjj/leases", "zjj"},
      {"zjj", "GET", "/metrics", "metrics"},
      {"desk", "POST", "/v1/admin/reload", "admin"},
      {"prometheus", "GET", "/v1/dead-letters", "desk"},
      {"callcenter", "GET", "/v1/reports/summary?from=2021-06-01&to=2021-06-02", "supervisor"}};
  for (const auto& each : refusals) {
    SCOPED_TRACE(fmt::format("{} {} {}", each.who, each.method, each.target));
    const auto reply = as(each.who).ask(each.method, each.target);
    EXPECT_EQ(reply.status, 403U) << reply.body;
    EXPECT_EQ(text(reply.json(), "/code"), "forbidden");
    EXPECT_NE(text(reply.json(), "/detail").find(each.needed), std::string::npos) << reply.body;
  }
  EXPECT_EQ(as("prometheus").get("/metrics").status, 200U);
  EXPECT_EQ(as("root").ask("POST", "/v1/admin/reload").status, 200U);
}

TEST_F(Auth, DepartmentSeesAndLeasesItsOwnTicketsAndNothingElse) {
  const auto mine = post("zjj");
  const auto theirs = post("cgj-hw");
  Web zjj = as("zjj");
  Web cgj = as("cgj");
  EXPECT_EQ(zjj.get("/v1/tickets/" + mine).status, 200U);
  for (const auto& target :
       {"/v1/tickets/" + theirs, "/v1/tickets/" + theirs + "/events",
        std::string("/v1/queues/cgj-hw"), std::string("/v1/departments/cgj-hw/work")}) {
    EXPECT_EQ(zjj.get(target).status, 404U) << target;
  }
  for (const auto* move : {"sign", "contact"}) {
    EXPECT_EQ(zjj.post("/v1/tickets/" + theirs + ":" + move, {}).status, 404U) << move;
  }
  const auto listed = zjj.get("/v1/tickets").json();
  ASSERT_EQ(list(listed, "/tickets").size(), 1U);
  EXPECT_EQ(text(listed, "/tickets/0/id"), mine);
  EXPECT_EQ(zjj.get("/v1/tickets?department=cgj-hw").status, 422U);
  for (const auto& queue : list(zjj.get("/v1/queues").json(), "/queues")) {
    EXPECT_EQ(text(queue, "/queue"), "zjj");
  }
  // The token of a subtree acts for what lies below its head.
  EXPECT_EQ(text(lease_one(cgj, "cgj-hw"), "/ticket/id"), theirs);
  EXPECT_EQ(cgj.post("/v1/tickets/" + mine + ":sign", {}).status, 404U);
  EXPECT_EQ(text(lease_one(zjj, "zjj"), "/ticket/id"), mine);
}

TEST_F(Auth, PersonalDataIsMaskedUnlessAPersonAsksForIt) {
  const auto id = post("zjj");
  for (const auto* who : {"zjj", "desk", "boss", "agents", "callcenter"}) {
    SCOPED_TRACE(who);
    const auto reply = as(who).get("/v1/tickets/" + id);
    ASSERT_EQ(reply.status, 200U);
    EXPECT_EQ(text(reply.json(), "/personal/caller/name"), "张**");
    EXPECT_EQ(text(reply.json(), "/personal/caller/phone"), "138****5678");
    EXPECT_EQ(reply.body.find("13812345678"), std::string::npos) << reply.body;
  }
  Web zjj = as("zjj");
  const auto lease = json::serialize(lease_one(zjj, "zjj"));
  EXPECT_EQ(lease.find("13812345678"), std::string::npos) << lease;
  const auto open = as("desk").get("/v1/tickets/" + id + "?unmask=true").json();
  EXPECT_EQ(text(open, "/personal/caller/name"), "张三丰");
  EXPECT_EQ(text(open, "/personal/caller/phone"), "13812345678");
  EXPECT_NE(text(open, "/personal/content").find("13812345678"), std::string::npos);
}

TEST_F(Auth, ConfidentialCallerIsHiddenFromTheDepartment) {
  const auto id = post("zjj", true);
  Web zjj = as("zjj");
  const auto seen = zjj.get("/v1/tickets/" + id).json();
  const auto leased = at(lease_one(zjj, "zjj"), "/ticket");
  for (const auto& view : {seen, leased}) {
    EXPECT_FALSE(has(view, "/personal/caller")) << json::serialize(view);
    EXPECT_FALSE(has(view, "/personal/address"));
    EXPECT_TRUE(has(view, "/personal/content"));
  }
  EXPECT_EQ(text(as("desk").get("/v1/tickets/" + id).json(), "/personal/caller/name"), "张**");
}

#ifdef HOTLINE_WITH_ROCKSDB
std::vector<AuditEntry> audit_log(const Rig& rig) {
  RocksOptions options;
  options.path = rig.storage() / "store";
  options.create_if_missing = false;
  options.read_only = true;
  const auto store = open_rocks_store(options);
  if (!store) throw std::runtime_error(store.error().detail);
  std::vector<AuditEntry> found;
  const auto read = (*store)->scan(Space::audit, {}, {}, [&](auto, auto value) {
    found.push_back(decode_audit(value).value());
    return true;
  });
  if (!read) throw std::runtime_error(read.error().detail);
  return found;
}

TEST_F(Auth, UnmaskedReadNamesAPersonAndStandsInTheAuditLog) {
  const auto id = post("zjj");
  const auto unmasked = "/v1/tickets/" + id + "?unmask=true";
  EXPECT_EQ(as("zjj").get(unmasked).status, 403U);
  EXPECT_EQ(as("callcenter").get(unmasked).status, 403U);
  EXPECT_EQ(as("desk", "").get(unmasked).status, 422U);
  EXPECT_EQ(as("desk").get("/v1/tickets/" + id).status, 200U);
  EXPECT_EQ(as("desk", "%E7%8E%8B%E4%BA%94").get(unmasked).status, 200U);
  EXPECT_EQ(as("agents", "赵六").get(unmasked).status, 200U);
  rig_->stop();
  const auto log = audit_log(*rig_);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].principal, "desk");
  EXPECT_EQ(log[0].person, "王五");
  EXPECT_EQ(log[1].principal, "agents");
  EXPECT_EQ(log[1].person, "赵六");
  for (const auto& entry : log) EXPECT_EQ(to_string(entry.ticket), id);
}
#endif

TEST(AuthStart, DoorIsNotOpenedToTheNetworkWithoutTokens) {
  const StoreFolder folder;
  for (const auto* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    const auto ended = run(folder.path(), {HOTLINED, "--check-config", "--set", "auth.mode=none",
                                           "--set", std::string("http.address=") + address});
    EXPECT_EQ(ended.code, 2) << address;
    EXPECT_NE(ended.err.find("auth.mode"), std::string::npos) << ended.err;
  }
}

TEST(AuthStart, FaultyTokenFileStopsTheStartAndNamesItsFaults) {
  const StoreFolder folder;
  const auto file = folder.path() / "tokens";
  std::ofstream(file) << R"([{"name":"a","sha256":"zz","scopes":["desk"]},
                             {"name":"b","sha256":")"
                      << std::string(64, 'a') << R"(","scopes":["king"]}])";
  const auto ended =
      run(folder.path(),
          {HOTLINED, "--set", "http.port=0", "--set", "storage.engine=memory", "--set",
           "auth.tokens_file=" + file.string(), "--set",
           "catalogue.path=" + (source_folder() / "conf" / "catalogue").string(), "--set",
           "deadlines.path=" + (source_folder() / "conf" / "deadlines").string()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("/0/sha256"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("/1/scopes"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace hotline::test
