#include "api/auth.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include <boost/json/parser.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "api/doubled_keys.hpp"
#include "api/json_reader.hpp"
#include "http/text.hpp"

namespace hotline::api {

namespace json = boost::json;

namespace {

using Digest = std::array<unsigned char, 32>;

constexpr std::array<std::pair<std::string_view, Scope>, 8> scope_table{{
    {"intake", Scope::intake},
    {"department:<code>", Scope::department},
    {"desk", Scope::desk},
    {"callback", Scope::callback},
    {"supervisor", Scope::supervisor},
    {"metrics", Scope::metrics},
    {"admin", Scope::admin},
    {"notice", Scope::notice},
}};
constexpr std::string_view department_prefix = "department:";
constexpr std::string_view entry_form =
    R"({"name": "callcenter-1", "sha256": "<64 hex digits>", "scopes": ["intake"]})";

Digest sha256(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::uint64_t prefix_of(const Digest& digest) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, digest.data(), sizeof prefix);
  return prefix;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

std::optional<Digest> parse_digest(std::string_view hex) {
  Digest digest{};
  if (hex.size() != digest.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = hex_digit(hex[2 * i]);
    const auto low = hex_digit(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest[i] = static_cast<unsigned char>(*high * 16U + *low);
  }
  return digest;
}

/// Adds one scope as the file writes it; false when it is none.
bool add_scope(Principal& principal, std::string_view word) {
  if (word.starts_with(department_prefix)) {
    std::string_view code = word.substr(department_prefix.size());
    const bool subtree = code.ends_with("/*");
    if (subtree) code.remove_suffix(2);
    if (code.empty() || code.size() > code_bytes_max) return false;
    principal.scopes = principal.scopes | Scope::department;
    if (subtree) {
      principal.subtrees.emplace_back(code);
    } else {
      principal.departments.emplace(code);
    }
    return true;
  }
  const auto known =
      std::ranges::find(scope_table, word, &std::pair<std::string_view, Scope>::first);
  if (known == scope_table.end()) return false;
  principal.scopes = principal.scopes | known->second;
  return true;
}

std::size_t line_of(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
}

/// The line on which each entry begins. `text` is a JSON array.
std::vector<std::size_t> entry_lines(std::string_view text) {
  std::vector<std::size_t> lines;
  std::size_t line = 1;
  std::size_t depth = 0;
  bool quoted = false;
  bool awaited = false;  // an entry may begin here
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted && c == '\\') ++i;
    if (std::string_view(" \t\r\n").find(c) != std::string_view::npos) continue;
    if (awaited && c != ']') lines.push_back(line);
    awaited = false;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    awaited = depth == 1 && (c == '[' || c == ',');
  }
  return lines;
}

}  // namespace

std::string scope_names(Scopes scopes) {
  std::string names;
  for (const auto& [word, scope] : scope_table) {
    if ((scopes & static_cast<Scopes>(scope)) == 0) continue;
    if (!names.empty()) names += ", ";
    names += word;
  }
  return names;
}

std::string sha256_hex(std::string_view text) {
  std::string hex;
  for (const unsigned char byte : sha256(text)) hex += fmt::format("{:02x}", byte);
  return hex;
}

DepartmentSet Principal::expand(const Catalogue& catalogue) const {
  if (every_department) return nullptr;
  auto all = std::make_shared<std::set<std::string, std::less<>>>(departments);
  for (const auto& head : subtrees) {
    all->insert(head);
    for (auto& code : catalogue.subtree(head)) all->insert(std::move(code));
  }
  return all;
}

/// Reads the token file; notes every fault.
class TokenFile {
 public:
  TokenFile(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  Result<Authenticator> read() {
    json::parser parser;
    json::error_code error;
    const std::size_t used = parser.write_some(text_.data(), text_.size(), error);
    if (error) return refuse_whole(used, "is not JSON: " + error.message());
    if (used != text_.size()) return refuse_whole(used, "is not JSON: more after its end");
    const json::value file = parser.release();
    const json::array* entries = file.if_array();
    if (entries == nullptr) return refuse_whole(0, "must be a JSON array of entries");
    note_doubled_keys(file, text_, errors_);
    for (std::size_t i = 0; i < entries->size(); ++i) read_entry((*entries)[i], i);
    if (!errors_.empty()) return tl::make_unexpected(placed(errors_.take()));
    return std::move(made_);
  }

 private:
  tl::unexpected<Error> refuse_whole(std::size_t at, std::string_view why) const {
    return fail(ErrorCode::invalid, fmt::format("{}:{}: {}; an entry looks like {}", name_,
                                                line_of(text_, at), why, entry_form));
  }

  /// Each fault at its file and line, the pointer before what is wrong.
  Error placed(Error faults) const {
    const std::vector<std::size_t> lines = entry_lines(text_);
    for (auto& fault : faults.errors) {
      std::size_t entry = 0;
      const std::string& pointer = fault.pointer;
      std::from_chars(pointer.data() + 1, pointer.data() + pointer.size(), entry);
      fault.detail = fmt::format("{} {}", pointer, fault.detail);
      fault.pointer = fmt::format("{}:{}", name_, lines[entry]);
    }
    faults.detail = fmt::format("{}: {} faults; an entry looks like {}", name_,
                                faults.errors.size(), entry_form);
    return faults;
  }

  void read_entry(const json::value& entry, std::size_t index) {
    const std::string at = fmt::format("/{}", index);
    const json::object* object = entry.if_object();
    if (object == nullptr) return errors_.add(at, "must be an object, one token");
    ObjectReader reader(*object, errors_, at);
    Authenticator::Token token;
    if (const auto name = reader.required_text("name", {.characters_max = 64})) {
      token.principal.name = *name;
    }
    read_digest(reader, token);
    read_scopes(reader, token.principal);
    reader.finish("is not a field of an entry, which has name, sha256 and scopes");
    add(reader, std::move(token));
  }

  static void read_digest(ObjectReader& reader, Authenticator::Token& token) {
    const auto hex = reader.required_text("sha256", {.bytes_max = 64});
    if (!hex) return;
    const auto digest = parse_digest(*hex);
    if (!digest) return reader.refuse("sha256", "must be the 64 hex digits of the token's SHA-256");
    token.digest = *digest;
  }

  static void read_scopes(ObjectReader& reader, Principal& principal) {
    reader.require("scopes");
    constexpr std::size_t scopes_max = 1000;
    const auto words = reader.texts("scopes", scopes_max, {.bytes_max = 128});
    for (const auto& word : words) {
      if (add_scope(principal, word)) continue;
      reader.refuse("scopes",
                    fmt::format("\"{}\" is no scope; there are {} and department:<code>/*", word,
                                scope_names(~Scopes{0})));
    }
    if (reader.has("scopes") && words.empty()) reader.refuse("scopes", "names no scope");
  }

  void add(ObjectReader& reader, Authenticator::Token token) {
    const auto same = [&](const Authenticator::Token& other) {
      return other.digest == token.digest || other.principal.name == token.principal.name;
    };
    if (std::ranges::any_of(made_.tokens_, same)) {
      reader.refuse("name", "name or sha256 stands in the file twice");
    }
    made_.by_prefix_.emplace(prefix_of(token.digest), made_.tokens_.size());
    made_.tokens_.push_back(std::move(token));
  }

  std::string_view text_;
  std::string_view name_;
  Authenticator made_;
  FieldErrors errors_;
};

Authenticator Authenticator::none() {
  Authenticator made;
  made.open_ = true;
  made.anonymous_.name = "anonymous";
  made.anonymous_.scopes = ~Scopes{0};
  made.anonymous_.every_department = true;
  return made;
}

Result<Authenticator> Authenticator::from_json(std::string_view text, std::string_view file) {
  return TokenFile(text, file).read();
}

Result<const Principal*> Authenticator::authenticate(std::string_view authorization) const {
  if (open_) return &anonymous_;
  constexpr std::string_view scheme = "bearer ";
  const bool bearer = authorization.size() > scheme.size() &&
                      http::iequals(authorization.substr(0, scheme.size()), scheme);
  if (!bearer) {
    return fail(ErrorCode::unauthenticated, "send a token: `Authorization: Bearer <token>`");
  }
  const Digest digest = sha256(authorization.substr(scheme.size()));
  const auto [first, last] = by_prefix_.equal_range(prefix_of(digest));
  for (auto it = first; it != last; ++it) {
    const Token& token = tokens_[it->second];
    if (CRYPTO_memcmp(token.digest.data(), digest.data(), digest.size()) == 0) {
      return &token.principal;
    }
  }
  return fail(ErrorCode::unauthenticated, "this token is not known; ask the administrator for one");
}

}  // namespace hotline::api
