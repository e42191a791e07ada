#include "api/call.hpp"

// What the dispatch catalogue (派单目录) in force holds.

namespace hotline::api {
namespace {

Answering list_departments(Call call) {
  const auto catalogue = call.api.parts.catalogue();
  JsonWriter out(128 * (catalogue->departments().size() + 1));
  out.begin_object().key("departments").begin_array();
  for (const auto& department : catalogue->departments()) {
    out.begin_object().field("code", department.code).field("name", department.name);
    if (!department.parent.empty()) out.field("parent", department.parent);
    out.end_object();
  }
  out.end_array().end_object();
  co_return json_answer(out.take());
}

Answering get_catalogue(Call call) {
  const auto catalogue = call.api.parts.catalogue();
  JsonWriter out;
  out.begin_object().field("version", catalogue->version());
  out.field("model_version", catalogue->model_version());
  out.field("categories", catalogue->categories().size());
  out.field("departments", catalogue->departments().size());
  out.field("regions", catalogue->regions().size()).end_object();
  co_return json_answer(out.take());
}

}  // namespace

void add_catalogue_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  routes.push_back(
      guarded(api, http::Verb::get, "/v1/departments", "listDepartments", 0, list_departments));
  routes.push_back(
      guarded(api, http::Verb::get, "/v1/catalogue", "getCatalogue", 0, get_catalogue));
}

}  // namespace hotline::api
