# cmake -DSOURCE=… -DWASM=… -DSITE=… -DNODE=… -P assemble-site.cmake: makes SITE hold exactly the page's files, scripts
# without their comments, the English errors with the core's sentences.

cmake_minimum_required(VERSION 3.25)

set(kept)

# take(FROM TO PATTERN...): copies FROM/**/PATTERN into TO, folders kept, and notes the copies in `kept`.
function(take from to)
    list(TRANSFORM ARGN PREPEND ${from}/ OUTPUT_VARIABLE patterns)
    file(GLOB_RECURSE files RELATIVE ${from} ${patterns})
    foreach(file IN LISTS files)
        get_filename_component(folder ${to}/${file} DIRECTORY)
        file(MAKE_DIRECTORY ${folder})
        file(COPY_FILE ${from}/${file} ${to}/${file} ONLY_IF_DIFFERENT)
        list(APPEND kept ${to}/${file})
    endforeach()
    set(kept ${kept} PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${SITE})
take(${SOURCE}/public ${SITE} *)
take(${SOURCE}/web ${SITE}/web *.js)
take(${SOURCE}/wasm-glue ${SITE}/wasm-glue *.js)
execute_process(COMMAND ${NODE} ${SOURCE}/scripts/lib/strip-comments.mjs ${SITE} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${NODE} ${SOURCE}/scripts/lib/core-texts.mjs ${SITE}/web/texts/en/errors.js
                COMMAND_ERROR_IS_FATAL ANY)
foreach(name IN ITEMS relock sim documents)
    if(EXISTS ${WASM}/${name}.wasm)
        file(COPY_FILE ${WASM}/${name}.wasm ${SITE}/${name}.wasm ONLY_IF_DIFFERENT)
        list(APPEND kept ${SITE}/${name}.wasm)
    endif()
endforeach()

file(GLOB_RECURSE present ${SITE}/*)
foreach(file IN LISTS present)
    if(NOT file IN_LIST kept)
        file(REMOVE ${file})
    endif()
endforeach()
