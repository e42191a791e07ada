#include "api/json_reader.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/json_writer.hpp"

namespace hotline::api {
namespace {

namespace json = boost::json;

struct Case {
  std::string_view body;
  std::string_view pointer;
  std::string_view detail;  ///< a part of it
};

/// Reads every kind of field that there is.
FieldErrors read(const json::value& value) {
  FieldErrors errors;
  ObjectReader body(value.get_object(), errors);
  body.required_text("name", {.characters_max = 3});
  body.text("code", {.bytes_max = 4});
  body.text("lines", {.lines = true});
  body.integer("count", 1, 200);
  body.number("lat", -90, 90);
  body.boolean("flag");
  body.time("at");
  body.term<Urgency>("urgency");
  body.texts("list", 2, {.bytes_max = 4});
  if (const auto* inner = body.object("inner")) {
    ObjectReader deeper(*inner, errors, body.pointer("inner"));
    deeper.text("a/b~c", {.characters_max = 1});
    deeper.finish();
  }
  body.finish();
  return errors;
}

TEST(JsonReader, AcceptsWhatFits) {
  for (
      const std::string_view body :
      {R"({"name":"张三丰"})", R"({"name":"a","code":"\u4e2d","lines":"a\n\tb\r","count":200})",
       R"({"name":"a","lat":-90,"flag":false,"at":"2021-06-01T08:00:00+08:00","urgency":"urgent"})",
       R"({"name":"a","lat":90.0,"list":["a","b"],"inner":{"a/b~c":"x"}})"}) {
    EXPECT_TRUE(read(json::parse(body)).empty()) << body;
  }
}

TEST(JsonReader, NamesEachFaultWithItsPlace) {
  const Case cases[] = {
      {R"({})", "/name", "is required"},
      {R"({"name":1})", "/name", "must be a text, not an integer"},
      {R"({"name":null})", "/name", "leave the field out"},
      {R"({"name":""})", "/name", "must not be empty"},
      {R"({"name":"四个汉字"})", "/name", "is 4 characters long; at most 3"},
      {R"({"name":"a\nb"})", "/name", "control character"},
      {R"({"name":"a\u0000"})", "/name", "control character"},
      {R"({"name":"a","code":"中中"})", "/code", "is 6 bytes long; at most 4"},
      {R"({"name":"a","lines":"a\u0007"})", "/lines", "control character"},
      {R"({"name":"a","lines":"\u007f"})", "/lines", "control character"},
      {R"({"name":"a","count":0})", "/count", "must be from 1 to 200"},
      {R"({"name":"a","count":201})", "/count", "must be from 1 to 200"},
      {R"({"name":"a","count":18446744073709551615})", "/count", "must be from 1 to 200"},
      {R"({"name":"a","count":1.0})", "/count", "must be an integer, not a number"},
      {R"({"name":"a","count":"1"})", "/count", "must be an integer, not a text"},
      {R"({"name":"a","lat":90.1})", "/lat", "must be from -90 to 90"},
      {R"({"name":"a","flag":0})", "/flag", "must be true or false"},
      {R"({"name":"a","at":"2021-06-01T08:00:00"})", "/at", "zone"},
      {R"({"name":"a","urgency":"soon"})", "/urgency", "normal, urgent, critical"},
      {R"({"name":"a","list":{}})", "/list", "must be an array"},
      {R"({"name":"a","list":["a","b","c"]})", "/list", "has 3 items; at most 2"},
      {R"({"name":"a","list":["a",2]})", "/list/1", "must be a text"},
      {R"({"name":"a","list":["a","a"]})", "/list/1", "twice"},
      {R"({"name":"a","inner":[]})", "/inner", "must be an object"},
      {R"({"name":"a","inner":{"a/b~c":"xy"}})", "/inner/a~1b~0c", "at most 1"},
      {R"({"name":"a","inner":{"more":1}})", "/inner/more", "is not a field"},
      {R"({"name":"a","Name":"a"})", "/Name", "is not a field"},
  };
  for (const auto& c : cases) {
    const Error error = read(json::parse(c.body)).take();
    ASSERT_EQ(error.errors.size(), 1U) << c.body;
    EXPECT_EQ(error.errors[0].pointer, c.pointer) << c.body;
    EXPECT_NE(error.errors[0].detail.find(c.detail), std::string::npos)
        << c.body << ": " << error.errors[0].detail;
    EXPECT_EQ(error.code, ErrorCode::invalid);
  }
}

TEST(JsonReader, FindsAControlCharacterAnywhereAndNothingElse) {
  for (std::size_t at = 0; at < 25; ++at) {
    for (int byte = 0; byte < 0x80; ++byte) {
      std::string text(25, 'x');
      text[at] = static_cast<char>(byte);
      const bool control = byte < 0x20 || byte == 0x7F;
      const bool line = byte == '\n' || byte == '\t' || byte == '\r';
      EXPECT_EQ(text_fault(text, {}).has_value(), control) << at << " " << byte;
      EXPECT_EQ(text_fault(text, {.lines = true}).has_value(), control && !line)
          << at << " " << byte;
    }
  }
  EXPECT_EQ(text_fault("一二三四五六七八九十", {.characters_max = 10}), std::nullopt);
}

TEST(JsonReader, CollectsAllFaultsUpToItsBound) {
  const Error two = read(json::parse(R"({"code":1,"x":2})")).take();
  EXPECT_EQ(two.errors.size(), 3U);
  json::object many{{"name", "a"}};
  for (int i = 0; i < 500; ++i) many["unknown" + std::to_string(i)] = i;
  EXPECT_EQ(read(many).take().errors.size(), FieldErrors::errors_max);
}

TEST(JsonWriter, WritesWhatAParserReadsBack) {
  JsonWriter out;
  out.begin_object().field("a", 1).field("b", "\"\\\n\t\r\x01中").key("c").begin_array();
  out.value(true).null().value(0.25).value(-7).raw("{}").begin_object().end_object().end_array();
  out.key("d").begin_object().end_object().field("e", std::uint64_t{18446744073709551615U});
  out.end_object();
  const std::string text = out.take();
  const json::value expected = json::parse(
      R"({"a":1,"b":"\"\\\n\t\r\u0001中","c":[true,null,0.25,-7,{},{}],"d":{},"e":18446744073709551615})");
  EXPECT_EQ(json::parse(text), expected) << text;
}

}  // namespace
}  // namespace hotline::api
