// Coroutines stand only here, in platform/http and in the few handlers that call the outside. This
// header names Task without pulling Asio in; who awaits includes runtime/await.hpp.
//
// One rule (g++ 12 destroys such temporaries twice): a line that awaits builds nothing with braces.
#pragma once

namespace boost::asio {
class any_io_executor;
template <typename T, typename Executor>
class awaitable;
}  // namespace boost::asio

namespace hangu {

template <class T>
using Task = boost::asio::awaitable<T, boost::asio::any_io_executor>;

}  // namespace hangu
