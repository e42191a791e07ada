// Writes the inputs with which fuzzing begins: `fuzz_seeds FOLDER` makes FOLDER/http and
// FOLDER/intake anew.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "unit/http/attacks.hpp"

namespace hotline::fuzz {
namespace {

std::vector<std::string> http_seeds() {
  std::vector<std::string> seeds{
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /v1/tickets HTTP/1.1\r\nHost: a:1\r\nContent-Length: 2\r\n\r\n{}",
      "POST /v1/tickets/2106010000000001:sign HTTP/1.1\r\nHost: [::1]\r\n"
      "Transfer-Encoding: chunked\r\nHotline-Actor: %E5%BC%A0\r\n\r\n0\r\n\r\n",
      "GET http://a/v1/tickets?from=2021-06-01&limit=10&x=%2B+ HTTP/1.1\r\nHost: a\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
      "/v1/queues/%E4%B8%80%2F%3A:x/leases?a=b&&c",
      "https://a.cn?x=%",
      "httpS://",
  };
  for (const auto& attack : http::attacks()) seeds.push_back(attack.request);
  return seeds;
}

std::vector<std::string> intake_seeds() {
  return {
      R"({"channel":"phone","content":"路灯不亮"})",
      R"({"source":"s","source_id":"1","channel":"phone","title":"a\tb","content":"\u8def\ud83d\ude00",)"
      R"("caller":{"name":"张三","phone":"+86 (0558) 1*","confidential":true},"address":"1号",)"
      R"("location":{"lat":33.26,"lon":-1.5e2},"recording_id":"r","region":"341282001",)"
      R"("attachments":[{"name":"a","url":"https://a.cn"}],"extra":{"a":[null,1,{"b":false}]},)"
      R"("received_at":"2021-06-01T08:00:00+08:00","type":"help","urgency":"urgent",)"
      R"("category":"C","department":"D","handling":"direct","answer":"好"})",
      R"({"channel":"phone","channel":"web","content":"x","extra":{"a":1,"\u0061":2}})",
      R"({"channel":1,"content":"","contnet":null,"location":{"lat":91},"attachments":[1]})",
      "\xEF\xBB\xBF{}",
      "{\"channel\":\"phone\",\"content\":\"\xC2\xB7\xB5\xC6\"}",
      "[]",
      "",
  };
}

void write(const std::filesystem::path& folder, const std::vector<std::string>& seeds) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    std::ofstream(folder / std::to_string(i), std::ios::binary) << seeds[i];
  }
}

}  // namespace
}  // namespace hotline::fuzz

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  hotline::fuzz::write(folder / "http", hotline::fuzz::http_seeds());
  hotline::fuzz::write(folder / "intake", hotline::fuzz::intake_seeds());
  return 0;
}
