# Where everything goes: cmake --install, and cpack for the Debian package.

# A manual page or a change log is installed as Debian has them, without the
# time in it, so that the same sources give the same package.
find_program(GZIP gzip REQUIRED)
set(packed)
function(pack source name folder)
	set(out ${CMAKE_BINARY_DIR}/packed/${name}.gz)
	get_filename_component(into ${out} DIRECTORY)
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${into}
		COMMAND ${GZIP} -9nc ${source} > ${out}
		DEPENDS ${source} VERBATIM)
	install(FILES ${out} DESTINATION ${folder})
	set(packed ${packed} ${out} PARENT_SCOPE)
endfunction()

install(TARGETS vigie RUNTIME)
install(TARGETS vigie-rooms RUNTIME DESTINATION lib/vigie)
if(VIGIE_MODEL)
	install(FILES ${bundle} DESTINATION ${CMAKE_INSTALL_DATADIR}/vigie/models)
endif()
install(FILES docs/record.schema.json
	DESTINATION ${CMAKE_INSTALL_DATADIR}/vigie)

foreach(page ${manuals})
	get_filename_component(file ${page} NAME)
	if(file MATCHES "\\.([15])$")
		pack(${page} man/${file} ${CMAKE_INSTALL_MANDIR}/man${CMAKE_MATCH_1})
	endif()
endforeach()

set(completions ${CMAKE_BINARY_DIR}/completions)
install(FILES ${completions}/vigie.bash RENAME vigie
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/vigie.zsh RENAME _vigie
	DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${completions}/vigie.fish
	DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# Not CMAKE_INSTALL_LIBDIR, which names the architecture on Debian.
file(GLOB units packaging/systemd/*)
install(FILES ${units} DESTINATION lib/systemd/system)
install(FILES packaging/vigie.sysusers RENAME vigie.conf
	DESTINATION lib/sysusers.d)

set(example ${CMAKE_BINARY_DIR}/vigie.yaml)
add_custom_command(OUTPUT ${example}
	COMMAND vigie check --example > ${example}
	DEPENDS vigie VERBATIM)
install(FILES ${example} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES packaging/vigie.yaml RENAME service.yaml
	DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY models/cloud/samples
	DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md docs/reliability.md docs/operations.md docs/keys.md
	docs/databases.md docs/sources.md packaging/debian/copyright
	DESTINATION ${CMAKE_INSTALL_DOCDIR})
pack(${CMAKE_SOURCE_DIR}/CHANGELOG.md CHANGELOG.md ${CMAKE_INSTALL_DOCDIR})
pack(${CMAKE_SOURCE_DIR}/packaging/debian/changelog changelog
	${CMAKE_INSTALL_DOCDIR})
install(FILES packaging/debian/lintian-overrides RENAME vigie
	DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)
add_custom_target(packed ALL DEPENDS ${packed} ${example})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vigie)
set(CPACK_PACKAGE_VENDOR "vigie developers")
set(CPACK_PACKAGE_CONTACT "vigie developers <vigie@vigie.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
	"classify news articles by topic and stance, as they come")
set(CPACK_PACKAGE_DESCRIPTION
"vigie reads news articles as they are published, judges by a trained model
which topics each is about and where it stands on each, and writes one line
of JSON an article, with the words that carried the decision.
.
It runs as daemons on your own machines; no article is sent to anyone. A
model for cloud computing and digital policy in French and English comes with
it, and so does the program that trains one on your own labels.")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE
	GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION text)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Who is asked over https is believed by these.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	${CMAKE_SOURCE_DIR}/packaging/debian/postinst
	${CMAKE_SOURCE_DIR}/packaging/debian/prerm
	${CMAKE_SOURCE_DIR}/packaging/debian/postrm)
include(CPack)
