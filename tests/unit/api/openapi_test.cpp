#include "api/openapi.hpp"

#include <set>
#include <sstream>
#include <tuple>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/json_reader.hpp"
#include "api_harness.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;
using Operation = std::tuple<std::string, std::string, std::string>;  // method, path, id

const json::value& document() {
  static const json::value parsed = json::parse(openapi_json());
  return parsed;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

std::set<Operation> documented() {
  std::set<Operation> out;
  for (const auto& path : document().at("paths").as_object()) {
    for (const auto& method : path.value().as_object()) {
      out.emplace(method.key(), path.key(), method.value().at("operationId").as_string());
    }
  }
  return out;
}

std::set<Operation> routed(const test::ApiHarness& harness) {
  std::set<Operation> out;
  for (const auto& route : harness.router.routes()) {
    const auto method = boost::beast::http::to_string(route.method);
    out.emplace(lower(std::string(method)), route.pattern, route.name);
  }
  return out;
}

TEST(OpenApi, HasEveryRouteAndNoOther) {
  const test::ApiHarness harness;
  EXPECT_EQ(documented(), routed(harness));
}

TEST(OpenApi, OperationIdsAreUnique) {
  std::set<std::string> ids;
  for (const auto& [method, path, id] : documented()) {
    EXPECT_TRUE(ids.insert(id).second) << id;
    EXPECT_FALSE(id.empty()) << path;
  }
}

/// Every `$ref` of a part of the document.
void collect_references(const json::value& part, std::set<std::string>& out) {
  if (const auto* object = part.if_object()) {
    for (const auto& member : *object) {
      if (member.key() == "$ref") out.emplace(member.value().as_string());
      collect_references(member.value(), out);
    }
  } else if (const auto* array = part.if_array()) {
    for (const auto& item : *array) collect_references(item, out);
  }
}

TEST(OpenApi, ReferencesLeadSomewhere) {
  std::set<std::string> references;
  collect_references(document(), references);
  for (const auto& reference : references) {
    boost::system::error_code error;
    EXPECT_NE(document().find_pointer(reference.substr(1), error), nullptr) << reference;
  }
}

TEST(OpenApi, PathParametersAreDeclared) {
  for (const auto& [method, path, id] : documented()) {
    const json::value& operation = document().at("paths").at(path).at(method);
    std::size_t declared = 0;
    if (const auto* parameters = operation.as_object().if_contains("parameters")) {
      for (const auto& parameter : parameters->as_array()) {
        const auto* reference = parameter.as_object().if_contains("$ref");
        const json::value& target =
            reference == nullptr
                ? parameter
                : document().at_pointer(std::string(reference->as_string()).substr(1));
        declared += target.at("in") == "path" ? 1 : 0;
      }
    }
    EXPECT_EQ(declared, static_cast<std::size_t>(std::ranges::count(path, '{'))) << path;
  }
}

template <typename Enum>
void expect_terms(const char* schema) {
  json::array names;
  for (const auto& term : terms(Enum{})) names.emplace_back(json::string_view(term.name));
  EXPECT_EQ(document().at_pointer(std::string("/components/schemas/") + schema + "/enum"), names);
}

TEST(OpenApi, VocabulariesAreThoseOfTheDomain) {
  expect_terms<Status>("Status");
  expect_terms<Handling>("Handling");
  expect_terms<Outcome>("Outcome");
  expect_terms<TicketType>("TicketType");
  expect_terms<Urgency>("Urgency");
  expect_terms<Role>("Role");
  expect_terms<Ending>("Ending");
  expect_terms<CallbackOutcome>("CallbackOutcome");
  expect_terms<Resolved>("Resolved");
  expect_terms<Satisfaction>("Satisfaction");
  expect_terms<Deadline>("Deadline");
  expect_terms<NoticeKind>("NoticeKind");
  expect_terms<Audience>("Audience");
  expect_terms<NoticeOutcome>("NoticeOutcome");
}

/// Whether `value` fits `schema`, as far as the document uses JSON Schema: what is required is
/// there, nothing unknown, kinds and vocabularies right.
class Validator {
 public:
  void check(const json::value& schema, const json::value& value, const std::string& at) {
    const json::object& rules = schema.as_object();
    if (const auto* reference = rules.if_contains("$ref")) {
      return check(document().at_pointer(std::string(reference->as_string()).substr(1)), value, at);
    }
    if (const auto* options = rules.if_contains("oneOf")) {
      return check(options->as_array()[value.is_null() ? 1 : 0], value, at);
    }
    if (const auto* names = rules.if_contains("enum")) {
      EXPECT_NE(std::ranges::find(names->as_array(), value), names->as_array().end()) << at;
    }
    if (const auto* type = rules.if_contains("type")) check_kind(*type, value, at);
    if (value.is_object() && rules.contains("properties"))
      check_members(rules, value.as_object(), at);
    if (value.is_array() && rules.contains("items")) {
      for (const auto& item : value.as_array()) check(rules.at("items"), item, at + "/0");
    }
  }

 private:
  static bool is_kind(std::string_view kind, const json::value& value) {
    if (kind == "integer") return value.is_int64() || value.is_uint64();
    if (kind == "number") return value.is_number();
    if (kind == "string") return value.is_string();
    if (kind == "boolean") return value.is_bool();
    if (kind == "array") return value.is_array();
    if (kind == "object") return value.is_object();
    return value.is_null();
  }
  static void check_kind(const json::value& type, const json::value& value, const std::string& at) {
    bool fits = false;
    if (type.is_string()) fits = is_kind(std::string_view(type.as_string()), value);
    if (const auto* kinds = type.if_array()) {
      for (const auto& kind : *kinds)
        fits = fits || is_kind(std::string_view(kind.as_string()), value);
    }
    EXPECT_TRUE(fits) << at << ": " << json::serialize(value);
  }
  void check_members(const json::object& rules, const json::object& value, const std::string& at) {
    const json::object& properties = rules.at("properties").as_object();
    for (const auto& member : value) {
      const auto* property = properties.if_contains(member.key());
      const std::string place = at + "/" + std::string(member.key());
      const bool open =
          !rules.contains("additionalProperties") || rules.at("additionalProperties") == true;
      if (property != nullptr) {
        check(*property, member.value(), place);
      } else {
        EXPECT_TRUE(open) << place;
      }
    }
    if (const auto* required = rules.if_contains("required")) {
      for (const auto& name : required->as_array()) {
        EXPECT_TRUE(value.contains(name.as_string())) << at << " lacks " << name;
      }
    }
  }
};

/// The example of a stream is text, each of its lines a value.
void check_example(const json::value& schema, const json::value& example, const std::string& at) {
  if (!at.ends_with("/application/x-ndjson")) return Validator().check(schema, example, at);
  std::istringstream lines(std::string(example.as_string()));
  for (std::string line; std::getline(lines, line);) {
    Validator().check(schema, json::parse(line), at);
  }
}

/// Every content object of the document: where a schema and an example stand together.
void check_examples(const json::value& part, const std::string& at) {
  if (const auto* object = part.if_object()) {
    if (object->contains("schema") && object->contains("example")) {
      check_example(object->at("schema"), object->at("example"), at);
    }
    for (const auto& member : *object) {
      check_examples(member.value(), at + "/" + std::string(member.key()));
    }
  } else if (const auto* array = part.if_array()) {
    for (const auto& item : *array) check_examples(item, at + "/-");
  }
}

TEST(OpenApi, ExamplesFitTheirSchemas) {
  check_examples(document().at("paths"), "");
  check_examples(document().at("components").at("responses"), "");
}

void expect_answer(const http::Response& answer, const std::string& pointer) {
  ASSERT_EQ(answer.status / 100, 2U) << answer.body;
  Validator().check(document().at_pointer(pointer), json::parse(answer.body), pointer);
}

TEST(OpenApi, AnswersFitTheirSchemas) {
  test::ApiHarness harness;
  const std::string schemas = "/components/schemas/";
  const std::string content = "/responses/200/content/application~1json/schema";
  const std::string intake = std::string(
      json::serialize(document().at_pointer("/paths/~1v1~1tickets/post/requestBody/content/"
                                            "application~1json/example")));
  const auto made = harness.post("/v1/tickets", intake);
  expect_answer(made, schemas + "Ticket");
  const std::string id = test::ApiHarness::text(made, "/id");
  expect_answer(harness.get("/v1/tickets/" + id), schemas + "Ticket");
  expect_answer(harness.get("/v1/tickets/" + harness.take_in("别的")), schemas + "Ticket");
  expect_answer(harness.get("/v1/tickets"), "/paths/~1v1~1tickets/get" + content);
  expect_answer(harness.post("/v1/tickets:classify", intake),
                "/paths/~1v1~1tickets:classify/post" + content);
  expect_answer(harness.post("/v1/queues/D07/leases", ""),
                "/paths/~1v1~1queues~1{queue}~1leases/post" + content);
  expect_answer(harness.move("/v1/tickets/" + id + ":sign", ""), schemas + "Ticket");
  expect_answer(harness.get("/v1/tickets/" + id + "/events"),
                "/paths/~1v1~1tickets~1{id}~1events/get" + content);
  expect_answer(harness.get("/v1/departments/D07/work"),
                "/paths/~1v1~1departments~1{code}~1work/get" + content);
  expect_answer(harness.get("/v1/queues"), "/paths/~1v1~1queues/get" + content);
  expect_answer(harness.get("/v1/dead-letters"), "/paths/~1v1~1dead-letters/get" + content);
  expect_answer(harness.get("/v1/reports/summary?from=2021-06-01&to=2021-07-01&group_by=type"),
                schemas + "Summary");
  expect_answer(harness.get("/v1/departments"), "/paths/~1v1~1departments/get" + content);
  expect_answer(harness.get("/v1/catalogue"), "/paths/~1v1~1catalogue/get" + content);
}

TEST(OpenApi, ProblemsFitTheirSchema) {
  test::ApiHarness harness;
  const auto answer = harness.post("/v1/tickets", R"({"x":1})");
  EXPECT_EQ(answer.content_type, "application/problem+json");
  Validator().check(document().at_pointer("/components/schemas/Problem"), json::parse(answer.body),
                    "");
}

}  // namespace
}  // namespace hotline::api
