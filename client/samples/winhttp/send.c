/*
 * Sends a file as a message, with WinHTTP alone: for programs that cannot use .NET or ZeroMQ, back to Visual C++ 2005.
 *
 *     send orders@billing order.xml
 *
 * The message is safe when the program says so: it is on the gateway's disk. Until then the program tries again, with the same key, so
 * that the gateway takes the message once however often it arrives. A gateway that is restarted meanwhile costs time and nothing else.
 *
 * Environment: GATEWAY_HOST (127.0.0.1), GATEWAY_PORT (7425), GATEWAY_TOKEN, if the gateway asks for one, and GATEWAY_PATIENCE, the time
 * to try in seconds (600).
 * Exit codes: 0 accepted, 1 refused or wrong, 2 no answer within the patience; the message may have been accepted then.
 *
 *     cl /W4 send.c winhttp.lib rpcrt4.lib
 *     x86_64-w64-mingw32-gcc -Wall -o send.exe send.c -lwinhttp -lrpcrt4
 */

#define _CRT_SECURE_NO_DEPRECATE
#define _CRT_SECURE_NO_WARNINGS
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winhttp.h>
#include <rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTERS_MAX 1024
#define ANSWER_MAX 4096
#define FIRST_PAUSE_MS 500
#define LONGEST_PAUSE_MS 10000

enum result { ACCEPTED, REFUSED, TRY_AGAIN };

struct message
{
    WCHAR path[CHARACTERS_MAX];
    WCHAR headers[CHARACTERS_MAX];
    char *body;
    DWORD bytes;
};

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != 0 ? value : otherwise;
}

/* The whole file; NULL if it cannot be read. */
static char *read_file(const char *name, DWORD *bytes)
{
    char *content = NULL;
    long size;
    FILE *file = fopen(name, "rb");
    if (file == NULL) return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
    {
        content = (char *)malloc((size_t)size + 1);
        if (content != NULL && fread(content, 1, (size_t)size, file) != (size_t)size)
        {
            free(content);
            content = NULL;
        }

        *bytes = (DWORD)size;
    }

    fclose(file);
    return content;
}

/* The destination as a part of the path: every byte that has a meaning of its own there is written as %XX. 0 if it is too long. */
static int write_path(const char *destination, WCHAR *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@";
    WCHAR encoded[CHARACTERS_MAX / 2];
    size_t length = 0;
    for (; *destination != 0; destination++)
    {
        if (length + 4 > sizeof(encoded) / sizeof(encoded[0])) return 0;
        if (strchr(plain, *destination) != NULL) encoded[length++] = (WCHAR)*destination;
        else length += (size_t)wsprintfW(encoded + length, L"%%%02X", (unsigned char)*destination);
    }

    encoded[length] = 0;
    wsprintfW(path, L"/api/v1/queues/%s/messages", encoded);
    return length > 0;
}

/* The key makes the attempts one message: the gateway takes it as the message's id. 0 if no key can be made, or the token is too long. */
static int write_headers(const char *token, WCHAR *headers)
{
    UUID id;
    unsigned char *key;
    RPC_STATUS made = UuidCreate(&id);
    if ((made != RPC_S_OK && made != RPC_S_UUID_LOCAL_ONLY) || UuidToStringA(&id, &key) != RPC_S_OK) return 0;
    wsprintfW(headers, L"Content-Type: application/octet-stream\r\nIdempotency-Key: %S", (char *)key);
    RpcStringFreeA(&key);
    if (strlen(token) > CHARACTERS_MAX / 2) return 0;
    if (token[0] != 0) wsprintfW(headers + lstrlenW(headers), L"\r\nAuthorization: Bearer %S", token);
    return 1;
}

static enum result no_answer(const char *step)
{
    DWORD error = GetLastError();
    const char *why = error == ERROR_WINHTTP_CANNOT_CONNECT ? "nothing listens there"
        : error == ERROR_WINHTTP_CONNECTION_ERROR ? "the connection was reset or closed"
        : error == ERROR_WINHTTP_TIMEOUT ? "there was no answer in time"
        : error == ERROR_WINHTTP_NAME_NOT_RESOLVED ? "the name of the host is not known"
        : "WinHTTP failed";
    fprintf(stderr, "%s: %s (%lu).\n", step, why, (unsigned long)error);
    return TRY_AGAIN;
}

/* 202: on disk. 408, 429 and all from 500 on may pass: the gateway starts, stops, is busy or full. What else it refuses stays refused. */
static enum result read_answer(HINTERNET request)
{
    DWORD status = 0, size = sizeof(status), length = 0, got = 0;
    char answer[ANSWER_MAX + 1];
    if (!WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, WINHTTP_HEADER_NAME_BY_INDEX, &status, &size,
        WINHTTP_NO_HEADER_INDEX)) return no_answer("reading the status");
    while (length < ANSWER_MAX && WinHttpReadData(request, answer + length, ANSWER_MAX - length, &got) && got > 0) length += got;
    answer[length] = 0;
    if (status == 202)
    {
        printf("%s\n", answer);
        return ACCEPTED;
    }

    fprintf(stderr, "The gateway answers %lu: %s\n", (unsigned long)status, answer);
    return status == 408 || status == 429 || status >= 500 ? TRY_AGAIN : REFUSED;
}

/* One attempt, on a connection of its own: what a former connection has lost is not to be found out on it. */
static enum result attempt(const struct message *message)
{
    enum result result;
    HINTERNET session = NULL, connection = NULL, request = NULL;
    WCHAR host[CHARACTERS_MAX];
    MultiByteToWideChar(CP_ACP, 0, setting("GATEWAY_HOST", "127.0.0.1"), -1, host, CHARACTERS_MAX);
    host[CHARACTERS_MAX - 1] = 0;
    session = WinHttpOpen(L"send", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0);
    if (session != NULL)
        connection = WinHttpConnect(session, host, (INTERNET_PORT)atoi(setting("GATEWAY_PORT", "7425")), 0);
    if (connection != NULL)
        request = WinHttpOpenRequest(connection, L"POST", message->path, NULL, WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES, 0);
    if (request == NULL) result = no_answer("preparing the request");
    else if (!WinHttpSendRequest(request, message->headers, (DWORD)-1L, message->body, message->bytes, message->bytes, 0))
        result = no_answer("sending");
    else if (!WinHttpReceiveResponse(request, NULL)) result = no_answer("waiting for the answer");
    else result = read_answer(request);
    if (request != NULL) WinHttpCloseHandle(request);
    if (connection != NULL) WinHttpCloseHandle(connection);
    if (session != NULL) WinHttpCloseHandle(session);
    return result;
}

int main(int count, char **arguments)
{
    struct message message;
    enum result result;
    DWORD began = GetTickCount(), pause = FIRST_PAUSE_MS;
    DWORD patience = (DWORD)atoi(setting("GATEWAY_PATIENCE", "600")) * 1000;
    setvbuf(stderr, NULL, _IONBF, 0); /* Whoever watches sees each attempt as it ends, also in a file. */
    if (count != 3)
    {
        fprintf(stderr, "Usage: send DESTINATION FILE, such as: send orders@billing order.xml\n");
        return 1;
    }

    if (!write_path(arguments[1], message.path) || !write_headers(setting("GATEWAY_TOKEN", ""), message.headers))
    {
        fprintf(stderr, "The destination or the token is empty or too long.\n");
        return 1;
    }

    message.body = read_file(arguments[2], &message.bytes);
    if (message.body == NULL)
    {
        fprintf(stderr, "%s cannot be read.\n", arguments[2]);
        return 1;
    }

    while ((result = attempt(&message)) == TRY_AGAIN && GetTickCount() - began < patience)
    {
        Sleep(pause);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }

    free(message.body);
    if (result == TRY_AGAIN) fprintf(stderr, "No answer within the patience; the message may have been accepted, or not.\n");
    return result == ACCEPTED ? 0 : result == REFUSED ? 1 : 2;
}
