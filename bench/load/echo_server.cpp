// The baseline of the load measurements: the least that a Beast server can do with a POST. Shaped
// as the daemon is (one io_context and one SO_REUSEPORT listener a core, a coroutine a connection,
// keep-alive), with nothing of it: no guard, no time-outs, no routes.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

asio::awaitable<void> serve(std::shared_ptr<Socket> socket) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  bool open = true;
  while (open) {
    http::request<http::string_body> request;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await http::async_read(*socket, buffer, request, token);
    if (error) co_return;
    http::response<http::string_body> response{http::status::ok, request.version()};
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.body() = std::move(request.body());
    response.prepare_payload();
    co_await http::async_write(*socket, response, token);
    open = !error && response.keep_alive();
  }
}

asio::awaitable<void> accept(Acceptor& acceptor) {
  boost::system::error_code error;
  while (!error) {
    auto token = asio::redirect_error(asio::use_awaitable, error);
    auto accepted = co_await acceptor.async_accept(token);
    if (error) co_return;
    auto socket = std::make_shared<Socket>(std::move(accepted));
    socket->set_option(asio::ip::tcp::no_delay(true));
    auto session = serve(socket);
    asio::co_spawn(socket->get_executor(), std::move(session), asio::detached);
  }
}

struct Core {
  asio::io_context io{1};
  Acceptor acceptor{io.get_executor()};

  std::uint16_t listen(std::uint16_t port) {
    acceptor.open(asio::ip::tcp::v4());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.set_option(ReusePort(true));
    acceptor.bind({asio::ip::address_v4::loopback(), port});
    acceptor.listen();
    return acceptor.local_endpoint().port();
  }
};

void run(std::uint16_t port, unsigned threads) {
  std::vector<std::unique_ptr<Core>> cores;
  for (unsigned i = 0; i < threads; ++i) {
    cores.push_back(std::make_unique<Core>());
    port = cores.back()->listen(port);
    auto listener = accept(cores.back()->acceptor);
    asio::co_spawn(cores.back()->io, std::move(listener), asio::detached);
  }
  asio::signal_set signals(cores.front()->io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) {
    for (auto& core : cores) core->io.stop();
  });
  std::vector<std::jthread> running;
  for (auto& core : cores) running.emplace_back([&core] { core->io.run(); });
  std::cout << "port " << port << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Bare Beast server that echoes bodies, on loopback. Prints its port, ends on SIGTERM."};
  std::uint16_t port = 0;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  app.add_option("--port", port, "0: any free one");
  app.add_option("--threads", threads, "default: one a core")->check(CLI::Range(1, 256));
  CLI11_PARSE(app, argc, argv);
  run(port, threads);
}
