/*
 * Receives one message after the other from a queue, with WinHTTP alone, and writes each to a file: for programs that cannot use .NET or
 * ZeroMQ, back to Visual C++ 2005.
 *
 *     receive orders C:\inbox 3
 *
 * The file has the name of the message's id, and is whole when it has it. Only then the message is completed, which takes it from the
 * queue. If the program or the gateway ends in between, the message comes again, under the same id, and the file is written anew. A
 * gateway that is restarted meanwhile costs time and nothing else.
 *
 * Environment: GATEWAY_HOST (127.0.0.1), GATEWAY_PORT (7425), GATEWAY_TOKEN, if the gateway asks for one, and GATEWAY_PATIENCE, the time
 * without a message or an answer after which it ends, in seconds (600).
 * Exit codes: 0 so many messages are received and completed, 1 refused or wrong, 2 the patience is over.
 *
 *     cl /W4 receive.c winhttp.lib
 *     x86_64-w64-mingw32-gcc -Wall -o receive.exe receive.c -lwinhttp
 */

#define _CRT_SECURE_NO_DEPRECATE
#define _CRT_SECURE_NO_WARNINGS
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winhttp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTERS_MAX 1024
#define CHUNK (64 * 1024)
#define WAIT_S 20
#define PAUSE_MS 1000

enum result { DONE, NOTHING, REFUSED, TRY_AGAIN };

/* One request, on a connection of its own: what a former connection has lost is not to be found out on it. */
struct exchange
{
    HINTERNET session, connection, request;
    DWORD status;
};

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != 0 ? value : otherwise;
}

static void end(struct exchange *exchange)
{
    if (exchange->request != NULL) WinHttpCloseHandle(exchange->request);
    if (exchange->connection != NULL) WinHttpCloseHandle(exchange->connection);
    if (exchange->session != NULL) WinHttpCloseHandle(exchange->session);
}

/* Sends a POST without a body and waits for the status. 0 if there is no answer; exchange->status then says nothing. */
static int post(struct exchange *exchange, const WCHAR *path)
{
    WCHAR host[CHARACTERS_MAX], headers[CHARACTERS_MAX] = L"Accept: application/octet-stream";
    const char *token = setting("GATEWAY_TOKEN", "");
    DWORD size = sizeof(exchange->status);
    memset(exchange, 0, sizeof(*exchange));
    MultiByteToWideChar(CP_ACP, 0, setting("GATEWAY_HOST", "127.0.0.1"), -1, host, CHARACTERS_MAX);
    host[CHARACTERS_MAX - 1] = 0;
    if (token[0] != 0) wsprintfW(headers + lstrlenW(headers), L"\r\nAuthorization: Bearer %S", token);
    exchange->session = WinHttpOpen(L"receive", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0);
    if (exchange->session == NULL) return 0;
    exchange->connection = WinHttpConnect(exchange->session, host, (INTERNET_PORT)atoi(setting("GATEWAY_PORT", "7425")), 0);
    if (exchange->connection == NULL) return 0;
    exchange->request = WinHttpOpenRequest(
        exchange->connection, L"POST", path, NULL, WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES, 0);
    return exchange->request != NULL
        && WinHttpSendRequest(exchange->request, headers, (DWORD)-1L, WINHTTP_NO_REQUEST_DATA, 0, 0, 0)
        && WinHttpReceiveResponse(exchange->request, NULL)
        && WinHttpQueryHeaders(exchange->request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, WINHTTP_HEADER_NAME_BY_INDEX,
            &exchange->status, &size, WINHTTP_NO_HEADER_INDEX);
}

/* 408, 429 and all from 500 on may pass: the gateway starts, stops, is busy. What else it refuses stays refused. */
static enum result refusal(struct exchange *exchange)
{
    char text[CHARACTERS_MAX + 1];
    DWORD got = 0;
    if (!WinHttpReadData(exchange->request, text, CHARACTERS_MAX, &got)) got = 0;
    text[got] = 0;
    fprintf(stderr, "The gateway answers %lu: %s\n", (unsigned long)exchange->status, text);
    return exchange->status == 408 || exchange->status == 429 || exchange->status >= 500 ? TRY_AGAIN : REFUSED;
}

static enum result no_answer(const char *step)
{
    fprintf(stderr, "%s: no answer (%lu).\n", step, (unsigned long)GetLastError());
    return TRY_AGAIN;
}

/* A header of the answer, which is ASCII. 0 if it is missing or too long. */
static int header(struct exchange *exchange, const WCHAR *name, char *value)
{
    WCHAR wide[CHARACTERS_MAX];
    DWORD bytes = sizeof(wide) - sizeof(WCHAR);
    if (!WinHttpQueryHeaders(exchange->request, WINHTTP_QUERY_CUSTOM, name, wide, &bytes, WINHTTP_NO_HEADER_INDEX)) return 0;
    wide[bytes / sizeof(WCHAR)] = 0;
    return WideCharToMultiByte(CP_ACP, 0, wide, -1, value, CHARACTERS_MAX, NULL, NULL) > 0;
}

/* The body of the answer goes to a file, and that to the disk, before it gets its name. */
static int write_body(struct exchange *exchange, const char *folder, const char *id)
{
    char part[MAX_PATH], name[MAX_PATH];
    static char chunk[CHUNK];
    DWORD got = 0, written = 0;
    HANDLE file;
    int is_whole = 1;
    if (strlen(folder) + strlen(id) + 8 > MAX_PATH) return 0;
    sprintf(part, "%s\\%s.part", folder, id);
    sprintf(name, "%s\\%s", folder, id);
    file = CreateFileA(part, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) return 0;
    do
    {
        is_whole = WinHttpReadData(exchange->request, chunk, CHUNK, &got) && WriteFile(file, chunk, got, &written, NULL) && written == got;
    } while (is_whole && got > 0);
    is_whole = FlushFileBuffers(file) && is_whole;
    CloseHandle(file);
    return is_whole && MoveFileExA(part, name, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}

/* Takes the next message; its token completes it. */
static enum result receive(const char *queue, const char *folder, char *token)
{
    struct exchange exchange;
    WCHAR path[CHARACTERS_MAX];
    char id[CHARACTERS_MAX];
    enum result result = DONE;
    wsprintfW(path, L"/api/v1/inbound/%S/receive?wait=%d", queue, WAIT_S);
    if (!post(&exchange, path)) result = no_answer("receiving");
    else if (exchange.status == 204) result = NOTHING;
    else if (exchange.status != 200) result = refusal(&exchange);
    else if (!header(&exchange, L"Delivery-Token", token) || !header(&exchange, L"Message-Id", id))
        result = no_answer("reading the answer");
    else if (!write_body(&exchange, folder, id))
    {
        /* It is not completed, so it comes again when its lease is over. */
        fprintf(stderr, "Message %s cannot be written to %s (%lu).\n", id, folder, (unsigned long)GetLastError());
        result = TRY_AGAIN;
    }
    else printf("%s\n", id);
    end(&exchange);
    return result;
}

/* The message leaves its queue. If the lease is over, it does not: then it comes again, as after a restart of the gateway. */
static enum result complete(const char *token)
{
    struct exchange exchange;
    WCHAR path[CHARACTERS_MAX];
    enum result result = DONE;
    wsprintfW(path, L"/api/v1/deliveries/%S/complete", token);
    if (!post(&exchange, path)) result = no_answer("completing");
    else if (exchange.status != 204)
    {
        refusal(&exchange);
        result = TRY_AGAIN;
    }

    end(&exchange);
    return result;
}

int main(int count, char **arguments)
{
    char token[CHARACTERS_MAX];
    DWORD since = GetTickCount(), patience = (DWORD)atoi(setting("GATEWAY_PATIENCE", "600")) * 1000;
    int wanted = count == 4 ? atoi(arguments[3]) : 0;
    setvbuf(stdout, NULL, _IONBF, 0); /* Whoever watches sees each message as it comes, also in a file. */
    setvbuf(stderr, NULL, _IONBF, 0);
    if (wanted < 1 || strlen(arguments[1]) > 128 || strlen(setting("GATEWAY_TOKEN", "")) > CHARACTERS_MAX / 2)
    {
        fprintf(stderr, "Usage: receive QUEUE FOLDER COUNT, such as: receive orders C:\\inbox 3\n");
        return 1;
    }

    while (wanted > 0)
    {
        enum result result = receive(arguments[1], arguments[2], token);
        if (result == REFUSED) return 1;
        if (result == DONE && complete(token) == DONE)
        {
            wanted--;
            since = GetTickCount();
            continue;
        }

        if (GetTickCount() - since >= patience)
        {
            fprintf(stderr, "Neither a message nor an answer within the patience.\n");
            return 2;
        }

        if (result != NOTHING) Sleep(PAUSE_MS);
    }

    return 0;
}
