#pragma once

#include <string>

#include "client/fields.hpp"

/// One ticket for people, from what the daemon answered. Times as the daemon wrote them, in its
/// zone. Pure.
namespace hotline::client {

/// Title lines: state, matter, where it came from.
std::string ticket_head(const json::value& ticket);

/// Every assignment with its deadlines: `03-02 12:05 按时` or `… 超期3时20分` when it was done,
/// `限03-09 12:00` while it is not, with `已超期` once the story tells that the deadline passed.
/// Empty without assignments.
std::string task_table(const json::value& ticket, const json::value& story);

/// What happened, one event a line: when, which move, who, what, which department.
std::string story_table(const json::value& ticket, const json::value& story);

/// Caller, words and remarks; the daemon has masked them or not.
std::string personal_lines(const json::value& personal);

}  // namespace hotline::client
