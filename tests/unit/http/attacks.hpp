#pragma once

#include <string>
#include <vector>

namespace hotline::http {

/// A request that must be refused with its connection closed, since what follows it would be read
/// as a request by a server that understands its framing otherwise.
struct Attack {
  std::string name;
  std::string request;
  bool in_body = false;  ///< the header alone is sound
};

inline std::vector<Attack> attacks() {
  using namespace std::string_literals;
  const std::string line = "POST /echo HTTP/1.1\r\n";
  const std::string host = line + "Host: a\r\n";
  const std::string chunked = host + "Transfer-Encoding: chunked\r\n";
  const std::string end = "\r\n";
  const std::string none = "0\r\n\r\n";
  const auto target = [](const std::string& raw) {
    return "GET " + raw + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  return {
      {"TE gzip with CL", host + "Transfer-Encoding: gzip\r\nContent-Length: 0\r\n" + end},
      {"TE gzip", host + "Transfer-Encoding: gzip\r\n" + end},
      {"TE chunked, gzip", host + "Transfer-Encoding: chunked, gzip\r\n" + end + none},
      {"TE gzip, chunked", host + "Transfer-Encoding: gzip, chunked\r\n" + end + none},
      {"TE chunked, chunked", host + "Transfer-Encoding: chunked, chunked\r\n" + end + none},
      {"TE xchunked", host + "Transfer-Encoding: xchunked\r\n" + end + none},
      {"TE chunked with parameter", host + "Transfer-Encoding: chunked;a=b\r\n" + end + none},
      {"TE quoted", host + "Transfer-Encoding: \"chunked\"\r\n" + end + none},
      {"TE identity", host + "Transfer-Encoding: identity\r\n" + end},
      {"TE empty", host + "Transfer-Encoding:\r\n" + end},
      {"TE with vertical tab", host + "Transfer-Encoding: \vchunked\r\n" + end + none},
      {"TE twice", chunked + "Transfer-Encoding: chunked\r\n" + end + none},
      {"TE twice, gzip first",
       host + "Transfer-Encoding: gzip\r\n" + chunked.substr(host.size()) + end + none},
      {"TE and CL", chunked + "Content-Length: 5\r\n" + end + none},
      {"CL and TE", host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + end + none},
      {"TE in HTTP/1.0",
       "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + end + none},
      {"TE, blank before colon", host + "Transfer-Encoding : chunked\r\n" + end + none},
      {"CL twice, different", host + "Content-Length: 0\r\nContent-Length: 5\r\n" + end},
      {"CL twice, same", host + "Content-Length: 0\r\nContent-Length: 0\r\n" + end},
      {"CL list", host + "Content-Length: 0, 0\r\n" + end},
      {"CL plus", host + "Content-Length: +0\r\n" + end},
      {"CL minus", host + "Content-Length: -1\r\n" + end},
      {"CL hex", host + "Content-Length: 0x0\r\n" + end},
      {"CL inner blank", host + "Content-Length: 0 0\r\n" + end},
      {"CL empty", host + "Content-Length:\r\n" + end},
      {"CL beyond 64 bits", host + "Content-Length: 18446744073709551616\r\n" + end},
      {"no Host", line + end},
      {"no Host in HTTP/1.0", "GET /hello HTTP/1.0\r\n" + end},
      {"two Hosts", host + "Host: a\r\n" + end},
      {"Host with blank", line + "Host: a b\r\n" + end},
      {"Host with userinfo", line + "Host: a@b\r\n" + end},
      {"Host with slash", line + "Host: a/b\r\n" + end},
      {"fragment in target", target("/hello#a")},
      {"raw UTF-8 in target", target("/items/\xE4\xB8\x80")},
      {"blank in target", target("/hello a")},
      {"tab in target", target("/hello\ta")},
      {"control in target", target("/hello\x01")},
      {"zero byte in target", target("/hello"s + '\0')},
      {"DEL in target", target("/hello\x7f")},
      {"quote in target", target("/hello\"")},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"two blanks before target", target(" /hello")},
      {"authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"foreign scheme", target("ftp://a/hello")},
      {"userinfo in absolute form", target("http://u@a/hello")},
      {"folded field", host + "X-A: b\r\n c\r\n" + end},
      {"folded TE", host + "Transfer-Encoding:\r\n chunked\r\n" + end + none},
      {"bare LF after a field", line + "Host: a\n" + end},
      {"bare LF everywhere", "GET /hello HTTP/1.1\nHost: a\n\n"},
      {"bare CR in a field", host + "X-A: b\rc\r\n" + end},
      {"zero byte in a field", host + "X-A: b"s + '\0' + "\r\n" + end},
      {"blank before colon", line + "Host : a\r\n" + end},
      {"field without colon", host + "X-A\r\n" + end},
      {"field without name", host + ": b\r\n" + end},
      {"field name not a token", host + "X(A: b\r\n" + end},
      {"blank line first", "\r\n" + host + end},
      {"HTTP/0.9", "GET /hello\r\n\r\n"},
      {"HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"lower-case version", "GET /hello http/1.1\r\nHost: a\r\n\r\n"},
      {"method not a token", "G(T /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"chunk size not hex", chunked + end + "x\r\n\r\n", true},
      {"chunk size empty", chunked + end + "\r\nab\r\n" + none, true},
      {"chunk size with sign", chunked + end + "+2\r\nab\r\n" + none, true},
      {"chunk size with 0x", chunked + end + "0x2\r\nab\r\n" + none, true},
      {"chunk longer than its size", chunked + end + "2\r\nabc\r\n" + none, true},
      {"chunk shorter than its size", chunked + end + "4\r\nab\r\n" + none, true},
      {"bare LF after chunk size", chunked + end + "2\nab\r\n" + none, true},
      {"bare LF after chunk", chunked + end + "2\r\nab\n" + none, true},
      {"bare CR in chunk extension", chunked + end + "2;a\rb\r\nab\r\n" + none, true},
      {"bare LF in chunk extension", chunked + end + "2;a\nb\r\nab\r\n" + none, true},
      {"trailer", chunked + end + "2\r\nab\r\n0\r\nAuthorization: Bearer x\r\n\r\n", true},
      {"trailer with CL", chunked + end + "0\r\nContent-Length: 9\r\n\r\n", true},
      {"trailer with TE", chunked + end + "0\r\nTransfer-Encoding: chunked\r\n\r\n", true},
      {"trailer with bare LF", chunked + end + "0\r\nX-A: b\n\r\n\r\n", true},
  };
}

}  // namespace hotline::http
