#include "http/server.hpp"

#include <thread>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "http/worker.hpp"

namespace hotline::http {
namespace {

using Endpoint = asio::ip::tcp::endpoint;

/// With SO_REUSEPORT a second daemon would bind the port of the first and take half of its
/// connections. A bind without it fails while anybody listens.
Result<void> check_free(const Endpoint& endpoint) {
  asio::io_context io;
  asio::ip::tcp::acceptor probe(io);
  boost::system::error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  if (error) {
    return fail(ErrorCode::unavailable,
                fmt::format("cannot listen on {} port {}: {}", endpoint.address().to_string(),
                            endpoint.port(), error.message()));
  }
  return {};
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, std::vector<Route> routes, Metrics& metrics)
      : shared_(std::move(options), std::move(routes), metrics) {}
  ~Impl() { stop(); }

  Result<void> start();
  void stop();
  std::uint16_t port() const { return port_; }

 private:
  Shared shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint16_t port_ = 0;
};

Result<void> Server::Impl::start() {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(shared_.options.address, error);
  if (error) return fail(ErrorCode::unavailable, shared_.options.address + ": not an address");
  Endpoint endpoint{address, shared_.options.port};
  if (auto free = check_free(endpoint); !free) return free;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const unsigned threads = shared_.options.threads == 0 ? cores : shared_.options.threads;
  for (unsigned i = 0; i < threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(shared_, i));
    const auto port = workers_.back()->listen(endpoint);
    if (!port) {
      workers_.clear();
      return tl::make_unexpected(port.error());
    }
    endpoint.port(*port);
  }
  port_ = endpoint.port();
  for (auto& worker : workers_) worker->start();
  return {};
}

void Server::Impl::stop() {
  for (auto& worker : workers_) worker->stop();
  for (auto& worker : workers_) worker->join();
}

Server::Server(ServerOptions options, std::vector<Route> routes, Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(routes), metrics)) {}
Server::~Server() = default;
Result<void> Server::start() { return impl_->start(); }
void Server::stop() { impl_->stop(); }
std::uint16_t Server::port() const { return impl_->port(); }

}  // namespace hotline::http
