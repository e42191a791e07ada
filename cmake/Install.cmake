# cmake --install build/release --prefix /usr: the places that systemd/hotlined.service and the default settings name. Not what an
# office has edited: files of /etc/hotlined that are there stay as they are.
include(GNUInstallDirs)

install(TARGETS hotlined hotlinectl hotline-train RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES src/hotlinectl/hotlinectl.1 src/hotline-train/hotline-train.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES systemd/hotlined.service DESTINATION lib/systemd/system)
install(FILES systemd/hotlined.sysusers DESTINATION lib/sysusers.d RENAME hotlined.conf)
install(DIRECTORY conf/grafana conf/prometheus conf/sample DESTINATION ${CMAKE_INSTALL_DATADIR}/hotlined)

install(CODE "set(conf \"${PROJECT_SOURCE_DIR}/conf\")")
install(CODE [[
  set(etc "$ENV{DESTDIR}/etc/hotlined")
  foreach(entry hotlined.toml catalogue deadlines)
    if(EXISTS "${etc}/${entry}")
      message(STATUS "Kept: ${etc}/${entry}")
    else()
      file(COPY "${conf}/${entry}" DESTINATION "${etc}")
      message(STATUS "Installing: ${etc}/${entry}")
    endif()
  endforeach()
]])
