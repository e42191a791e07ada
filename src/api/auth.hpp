#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "domain/command.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::api {

/// What a token may do, one bit each; a route names the bits of which one is enough.
enum class Scope : std::uint32_t {
  intake = 1U << 0U,
  department = 1U << 1U,  ///< for the departments of `Principal::departments`
  desk = 1U << 2U,
  callback = 1U << 3U,
  supervisor = 1U << 4U,
  metrics = 1U << 5U,
  admin = 1U << 6U,
  notice = 1U << 7U,  ///< for gateways: leases notices, with the number to send them to
};
using Scopes = std::uint32_t;

constexpr Scopes operator|(Scope a, Scope b) {
  return static_cast<Scopes>(a) | static_cast<Scopes>(b);
}
constexpr Scopes operator|(Scopes a, Scope b) { return a | static_cast<Scopes>(b); }

/// `desk, supervisor`: the names of the bits, for refusals.
std::string scope_names(Scopes scopes);

/// Department codes that an actor may act for; null: all of them.
using DepartmentSet = std::shared_ptr<const std::set<std::string, std::less<>>>;

/// The software behind a token. Constant after it is made.
struct Principal {
  std::string name;
  Scopes scopes = 0;
  bool every_department = false;
  std::set<std::string, std::less<>> departments;  ///< named one by one
  std::vector<std::string> subtrees;               ///< heads of `department:<code>/*`

  bool has(Scopes any_of) const { return (scopes & any_of) != 0; }
  bool has(Scope scope) const { return has(static_cast<Scopes>(scope)); }
  /// The centre's own people, who see every ticket.
  bool sees_all() const {
    return every_department ||
           has(Scope::desk | Scope::supervisor | Scope::callback | Scope::admin);
  }
  /// The departments as the catalogue in force has the trees; null for all.
  DepartmentSet expand(const Catalogue& catalogue) const;
};

/// Knows the tokens by their SHA-256 only. Thread-safe: constant after construction.
class Authenticator {
 public:
  /// `auth = "none"`: everybody is `anonymous` with every scope. For loopback only; the
  /// configuration holds that.
  static Authenticator none();

  /// From the text of the token file, a JSON array of
  /// `{"name": "callcenter-1", "sha256": "<64 hex digits>", "scopes": ["intake",
  /// "department:D01/*"]}`. Names and hashes are unique. Fails with `invalid` and every fault, each
  /// with `file`, the name of the file for people, and the line where its entry begins.
  static Result<Authenticator> from_json(std::string_view text,
                                         std::string_view file = "token file");

  /// `authorization` is the header's value. Fails with `unauthenticated`; the detail never repeats
  /// the token.
  Result<const Principal*> authenticate(std::string_view authorization) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Token {
    Digest digest{};
    Principal principal;
  };

  bool open_ = false;
  Principal anonymous_;
  std::vector<Token> tokens_;
  /// By the digest's first bytes, which say nothing about the token; the whole is compared in
  /// constant time.
  std::unordered_multimap<std::uint64_t, std::size_t> by_prefix_;

  friend class TokenFile;
};

/// SHA-256 in lower-case hexadecimal, as it stands in the token file.
std::string sha256_hex(std::string_view text);

}  // namespace hotline::api
