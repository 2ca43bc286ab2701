using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>Export and import, as gateway/Http/EXPORT.md says.</summary>
[Kind(Kind.Http)]
public sealed class TransferTests
{
    private const string Export = "/api/v1/queues/outgoing/orders@billing/export";
    private const string Import = "/api/v1/queues/inbound/archive/import";

    [Fact]
    public async Task An_export_is_lines_whose_checksums_can_be_made_without_a_parser()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 7; i++) api.Gateway.Add($"body {i}", """{"type":"order, \"sha256\":\""}""");

        using var response = await api.GetAsync(Export);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/jsonl");
        response.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=\"orders@billing.jsonl\"");
        text.ShouldEndWith("\n");
        var lines = text.Split('\n')[..^1];
        lines.Length.ShouldBe(9);
        lines[0].ShouldStartWith("""{"format":"gateway-export","version":1,"export":""");
        foreach (var line in lines[1..^1])
        {
            var (open, sum) = (line[..^77], line[^66..^2]);
            line.ShouldBe($"{open},\"sha256\":\"{sum}\"}}");
            sum.ShouldBe(Sum(open));
        }

        JsonDocument.Parse(lines[1]).RootElement.GetProperty("headers").GetProperty("type").GetString().ShouldBe("order, \"sha256\":\"");
        lines[^1].ShouldBe($$"""{"end":true,"messages":7,"last":7,"sha256":"{{Sum(text[..(text.Length - lines[^1].Length - 1)])}}"}""");
    }

    /// <summary>A browser on Windows is to save it like any other.</summary>
    [Fact]
    public async Task An_export_of_a_queue_named_as_a_device_on_Windows_has_a_name_that_a_file_can_have()
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.GetAsync("/api/v1/queues/inbound/con/export");

        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("_con.jsonl");
    }

    [Fact]
    public async Task An_export_goes_on_after_a_number_and_takes_a_filter()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 8; i++) api.Gateway.Add("x", i % 2 == 0 ? """{"k":"v"}""" : "{}");

        var after = await TestApi.LinesOfAsync(await api.GetAsync($"{Export}?after=5"));
        var filtered = await TestApi.LinesOfAsync(await api.GetAsync($"{Export}?header=k:v"));

        after[0].GetProperty("after").GetInt64().ShouldBe(5);
        after[1..^1].Select(line => line.GetProperty("number").GetInt64()).ShouldBe([6, 7, 8]);
        filtered[1..^1].Select(line => line.GetProperty("number").GetInt64()).ShouldBe([1, 3, 5, 7]);
    }

    [Fact]
    public async Task Dead_letters_are_exported_too()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.AddLetter(4, DeadLetterReason.Expired);
        api.Gateway.AddLetter(9, DeadLetterReason.Rejected);

        var lines = await TestApi.LinesOfAsync(await api.GetAsync("/api/v1/dead-letters/export?reason=rejected"));

        lines.Count.ShouldBe(3);
        lines[1].GetProperty("number").GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task What_was_exported_is_imported_with_its_ids_headers_and_bodies()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("one", """{"type":"order","who":"Jörg"}""");
        api.Gateway.Messages[2] = new StoredMessage(2, FakeManagement.NewMessage(2, [0, 255, 10], "") with
        { ExpiresUnixMs = FakeManagement.Now.AddDays(1).ToUnixTimeMilliseconds() });

        var done = await TestApi.JsonOfAsync(await api.PostAsync(Import, await ExportAsync(api)));

        done.GetProperty("taken").GetInt64().ShouldBe(2);
        var taken = api.Gateway.Enqueued.Single();
        taken.Destination.ShouldBe("archive@shop");
        taken.Items.Select(item => item.Id!.Value).ShouldBe(api.Gateway.Messages.Values.Select(message => message.Message.Id));
        taken.Items[1].Body.ToArray().ShouldBe([0, 255, 10]);
        taken.Items[1].ExpiresUnixMs.ShouldBe(FakeManagement.Now.AddDays(1).ToUnixTimeMilliseconds());
        HeadersJson.TryRead(taken.Items[0].Headers, out var headers).ShouldBeTrue();
        headers["who"].ShouldBe("Jörg");
    }

    [Fact]
    public async Task A_large_export_is_imported_in_pieces()
    {
        await using var api = await TestApi.StartAsync(options => options.Http.RequestBytesMax = 1024);
        api.Gateway.Add(new string('a', 4 * 1024 * 1024));
        for (var i = 0; i < 1200; i++) api.Gateway.Add(new string('b', 100));
        api.Gateway.BrowsePiece = 1000;

        var done = await TestApi.JsonOfAsync(await api.PostAsync(Import, await ExportAsync(api)));

        done.GetProperty("taken").GetInt64().ShouldBe(1201);
        api.Gateway.Enqueued.Sum(request => request.Items.Count).ShouldBe(1201);
        api.Gateway.Enqueued.ShouldAllBe(request => request.Items.Count <= 500);
    }

    [Fact]
    public async Task New_ids_are_others_and_always_the_same()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("one");
        var export = await ExportAsync(api);

        await api.PostAsync($"{Import}?ids=new", export);
        await api.PostAsync($"{Import}?ids=new", export);

        var ids = api.Gateway.Enqueued.Select(request => request.Items.Single().Id).ToList();
        ids[0].ShouldNotBe(api.Gateway.Messages[1].Message.Id);
        ids[1].ShouldBe(ids[0]);
    }

    [Fact]
    public async Task An_import_skips_what_was_taken_and_only_checks_when_told_so()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 5; i++) api.Gateway.Add($"{i}");
        var export = await ExportAsync(api);

        var skipped = await TestApi.JsonOfAsync(await api.PostAsync($"{Import}?skip=3", export));
        skipped.GetProperty("taken").GetInt64().ShouldBe(2);
        skipped.GetProperty("skipped").GetInt64().ShouldBe(3);
        api.Gateway.Recorded.ShouldBe(
            ["local (127.0.0.1) import inbound archive 0 begun", "local (127.0.0.1) import inbound archive 2 done"]);
        api.Gateway.Enqueued.Single().Items.Count.ShouldBe(2);

        var check = await TestApi.JsonOfAsync(await api.PostAsync($"{Import}?checkOnly=true", export));
        check.GetProperty("messages").GetInt64().ShouldBe(5);
        check.GetProperty("taken").GetInt64().ShouldBe(0);
        api.Gateway.Enqueued.Count.ShouldBe(1);
        api.Gateway.Recorded.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("a byte of a body", 3, "checksum", 1)]
    [InlineData("a line is missing", 5, "came before its last line", 3)]
    [InlineData("two lines change places", 6, "checksum over the whole", 4)]
    [InlineData("no header", 1, "first line", 0)]
    [InlineData("another version", 1, "version 2", 0)]
    [InlineData("no json", 3, "checksum", 1)]
    [InlineData("something after the end", 7, "after the last line", 4)]
    public async Task A_wrong_line_is_named_and_what_came_before_it_is_kept(string how, long line, string says, long taken)
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 4; i++) api.Gateway.Add($"body {i}");
        var lines = (await (await ExportAsync(api)).ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        switch (how)
        {
            case "a byte of a body": lines[2] = lines[2].Replace("\"body\":\"Y", "\"body\":\"Z", StringComparison.Ordinal); break;
            case "a line is missing": lines.RemoveAt(2); break;
            case "two lines change places": (lines[2], lines[3]) = (lines[3], lines[2]); break;
            case "no header": lines.RemoveAt(0); break;
            case "another version": lines[0] = lines[0].Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal); break;
            case "no json": lines[2] = "hello"; break;
            case "something after the end": lines.Add(lines[1]); break;
        }

        using var response = await api.PostAsync(Import, new StringContent(string.Join('\n', lines) + "\n"));

        (await TestApi.ProblemOfAsync(response, HttpStatusCode.BadRequest, "wrong-line")).ShouldContain(says);
        var problem = await TestApi.JsonOfAsync(response, HttpStatusCode.BadRequest);
        problem.GetProperty("line").GetInt64().ShouldBe(line);
        problem.GetProperty("taken").GetInt64().ShouldBe(taken);
        problem.GetProperty("skip").GetInt64().ShouldBe(taken);
        api.Gateway.Enqueued.Sum(request => request.Items.Count).ShouldBe((int)taken);
    }

    [Fact]
    public async Task An_export_that_was_cut_is_taken_as_far_as_it_goes_and_said_to_be_cut()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 4; i++) api.Gateway.Add($"body {i}");
        var text = await (await ExportAsync(api)).ReadAsStringAsync(TestContext.Current.CancellationToken);
        var lines = text.Split('\n');

        using var whole = await api.PostAsync(Import, new StringContent(string.Join('\n', lines[..3]) + "\n"));
        using var half = await api.PostAsync(Import, new StringContent(string.Join('\n', lines[..3]) + "\n" + lines[3][..20]));

        await TestApi.ProblemOfAsync(whole, HttpStatusCode.BadRequest, "cut");
        await TestApi.ProblemOfAsync(half, HttpStatusCode.BadRequest, "wrong-line");
        api.Gateway.Enqueued.Select(request => request.Items.Count).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task A_full_store_stops_an_import_which_says_where_to_go_on()
    {
        await using var api = await TestApi.StartAsync(options => options.Intake.BatchMessagesMax = 2);
        for (var i = 0; i < 5; i++) api.Gateway.Add($"body {i}");
        var accept = api.Gateway.OnEnqueue;
        api.Gateway.OnEnqueue = request =>
            api.Gateway.Enqueued.Count > 1 ? new Reply.Rejected(request.Id, WireCode.StoreFull, "there is no room") : accept(request);

        using var response = await api.PostAsync(Import, await ExportAsync(api));

        await TestApi.ProblemOfAsync(response, HttpStatusCode.InsufficientStorage, "store-full");
        (await TestApi.JsonOfAsync(response, HttpStatusCode.InsufficientStorage)).GetProperty("skip").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData(Import + "?ids=none")]
    [InlineData(Import + "?skip=-1")]
    public async Task What_makes_no_sense_is_a_problem(string path)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(path), HttpStatusCode.BadRequest, "bad-request");
    }

    private static async Task<ByteArrayContent> ExportAsync(TestApi api)
    {
        using var response = await api.GetAsync(Export);
        return new ByteArrayContent(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
