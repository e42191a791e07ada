#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/engine.hpp"

namespace hotline {

// What waits in the engine's inbox: a request and where its answer goes.

struct CommandItem {
  Command command;
  Engine::Reply<Applied> reply;
  std::chrono::steady_clock::time_point submitted;
};
struct LeaseItem {
  LeaseRequest request;
  Engine::WaitId id = 0;
  Engine::Reply<std::vector<Lease>> reply;
};
struct CancelItem {
  Engine::WaitId id = 0;
};
struct LeaseMoveItem {
  LeaseMove move;
  Engine::Reply<Lease> reply;
};
struct StatsItem {
  std::optional<std::string> queue;
  Engine::Reply<std::vector<QueueStats>> reply;
};
struct DeadLettersItem {
  Engine::Reply<std::vector<DeadLetter>> reply;
};
struct RedriveItem {
  TicketId ticket;
  std::uint16_t seq = 0;
  Engine::Reply<DeadLetter> reply;
};
struct RecallItem {
  std::set<std::string, std::less<>> known;
  Engine::Reply<std::size_t> reply;
};
struct DeadlinesItem {
  std::shared_ptr<const Deadlines> deadlines;
  Engine::Reply<bool> reply;
};
struct AuditItem {
  AuditRecord record;
  Engine::Reply<std::monostate> reply;
};
struct AdvanceItem {
  Time to{};
  Engine::Reply<Time> reply;
};

using Item =
    std::variant<CommandItem, LeaseItem, CancelItem, LeaseMoveItem, StatsItem, DeadLettersItem,
                 RedriveItem, RecallItem, DeadlinesItem, AuditItem, AdvanceItem>;

}  // namespace hotline
