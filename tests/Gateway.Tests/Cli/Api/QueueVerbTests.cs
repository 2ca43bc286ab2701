using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Client.Wire;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class QueueVerbTests : ApiVerbTest
{
    private const string Orders = "orders@billing";

    [Fact]
    public async Task Ls_lists_what_waits_in_columns_that_can_be_cut()
    {
        (await RunAsync("queue", "ls")).ShouldBe(ExitCode.Ok);

        var lines = Terminal.Output.Split('\n');
        lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["queue", "kind", "state", "messages", "size", "oldest", "in", "out", "head", "tail"]);
        lines[1].ShouldMatch(@"^orders@billing +outgoing +open +3 +300 B +90 s +2/s +1/s +4 +6$");
        lines[2].ShouldMatch(@"^bills +inbound +paused +0 +0 B ");
        Terminal.Output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task A_queue_that_is_full_says_so_in_listings_and_by_itself_also_while_it_is_paused()
    {
        Gateway.State = Gateway.State with { Queues = [.. Gateway.State.Queues.Select(queue => queue with { IsFull = true })] };

        (await RunAsync("queue", "ls")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch(@"(?m)^orders@billing +outgoing +full +3 ");
        Terminal.Output.ShouldMatch(@"(?m)^bills +inbound +paused, full +0 ");
        (await RunAsync("queue", "show", Orders)).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch(@"(?m)^full +another message of the mean size is rejected until some have left");
        (await JsonAsync("queue", "ls"))[0].GetProperty("state").GetString().ShouldBe("full");
    }

    [Fact]
    public async Task Ls_prints_json_as_the_api_does()
    {
        var queues = await JsonAsync("queue", "ls", "--kind", "outgoing");
        queues.GetArrayLength().ShouldBe(1);
        queues[0].GetProperty("messages").GetInt64().ShouldBe(3);

        var lines = await LinesAsync("queue", "ls");
        lines.Select(line => line.GetProperty("name").GetString()).ShouldBe([Orders, "bills"]);
        (await JsonAsync("queue", "show", Orders)).GetProperty("oldestAgeSeconds").GetDouble().ShouldBe(90);
    }

    [Fact]
    public async Task Ls_with_watch_shows_it_again_until_it_is_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var output = new EndingStream(writes: 6, interrupt.Cancel);
        var terminal = new TestTerminal { Terminal = Terminal.Terminal with { Output = output } };

        (await terminal.RunAsync(interrupt.Token, "queue", "ls", "--watch", "--every", "100ms", "--output", "jsonl", "--gateway", Address))
            .ShouldBe(ExitCode.Interrupted);
    }

    [Fact]
    public async Task Peek_finds_by_header_age_and_id_and_says_where_to_go_on()
    {
        for (var i = 0; i < 8; i++) Gateway.Add("x", i % 2 == 0 ? """{"k":"v:w"}""" : "{}");

        Numbers(await LinesAsync("queue", "peek", Orders, "--header", "k=v:w")).ShouldBe([1, 3, 5, 7]);
        Numbers(await LinesAsync("queue", "peek", Orders, "--id", "00000000-0000-7000-8000-000000000004")).ShouldBe([4]);
        Numbers(await LinesAsync("queue", "peek", Orders, "--source", "elsewhere")).ShouldBeEmpty();
        Numbers(await LinesAsync("queue", "peek", Orders, "--accepted-before", "2020-01-01")).ShouldBeEmpty();
        Numbers(await LinesAsync("queue", "peek", Orders, "--after", "2", "--limit", "3")).ShouldBe([3, 4, 5]);
        Terminal.Error.ShouldBe("There may be more: go on with --after 5.\n");
    }

    [Theory]
    [InlineData("pause", "pause outgoing orders@billing 'late' local (127.0.0.1)", "--why", "late")]
    [InlineData("resume", "resume outgoing orders@billing local (127.0.0.1)")]
    [InlineData("retry", "retry billing local (127.0.0.1)")]
    public async Task Pause_resume_and_retry_act(string verb, string act, params string[] more)
    {
        (await RunAsync(["queue", verb, Orders, .. more])).ShouldBe(ExitCode.Ok);

        Gateway.Acts.ShouldBe([act]);
        Terminal.Output.ShouldContain("billing");
    }

    [Fact]
    public async Task What_is_no_name_of_a_queue_is_asked_of_nobody()
    {
        (await RunAsync("queue", "pause", "..")).ShouldBe(ExitCode.Usage);
        (await RunAsync("queue", "show", "a/b@c")).ShouldBe(ExitCode.Usage);
        (await RunAsync("queue", "retry", "bills")).ShouldBe(ExitCode.Usage);
        (await RunAsync("queue", "peek", Orders, "--limit", "few")).ShouldBe(ExitCode.Usage);
        (await RunAsync("queue", "ls", "--kind", "sideways")).ShouldBe(ExitCode.Usage);

        Gateway.Acts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_refused_in_the_gateways_words()
    {
        (await RunAsync("queue", "show", "none@billing")).ShouldBe(ExitCode.Refused);

        Terminal.Error.ShouldContain("There is no queue outgoing none@billing");
    }

    [Fact]
    public async Task Purge_without_yes_shows_what_it_would_hit_and_does_nothing()
    {
        for (var i = 0; i < 8; i++) Gateway.Add("x", i == 0 ? "{}" : """{"k":"v"}""");

        (await RunAsync("queue", "purge", Orders, "--header", "k=v")).ShouldBe(ExitCode.NotConfirmed);

        Terminal.Output.ShouldStartWith("This would purge 7 messages of outgoing orders@billing; the first 5:\n");
        Terminal.Output.TrimEnd().Split('\n').Length.ShouldBe(7);
        Terminal.Error.ShouldBe("Nothing was done. Add --yes to purge them.\n");
        Gateway.Operations.ShouldBeEmpty();
        (await RunAsync("queue", "purge", Orders, "--all", "--output", "json")).ShouldBe(ExitCode.NotConfirmed);
        JsonDocument.Parse(Terminal.Output).RootElement.GetProperty("messages").GetInt64().ShouldBe(3);
        Gateway.Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_with_yes_says_what_was_done_and_what_was_left()
    {
        Gateway.Add("x");

        (await RunAsync("queue", "purge", Orders, "--all", "--yes", "--why", "old")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldContain("This is to purge 3 messages of outgoing orders@billing");
        Terminal.Output.ShouldContain("Purged 5 messages of outgoing orders@billing.");
        Terminal.Output.ShouldContain("--include-in-doubt");
        var request = Gateway.Operations.ShouldHaveSingleItem().Request;
        (request.Kind, request.Queue, request.Why, request.IncludeInDoubt)
            .ShouldBe((OperationKind.Purge, QueueId.Outgoing("orders", "billing"), "old", false));
    }

    [Fact]
    public async Task Purge_asks_for_an_outright_choice()
    {
        (await RunAsync("queue", "purge", Orders, "--yes")).ShouldBe(ExitCode.Usage);
        (await RunAsync("queue", "purge", Orders, "--yes", "--all", "--id", "00")).ShouldBe(ExitCode.Usage);

        Gateway.Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_of_nothing_is_done()
    {
        (await RunAsync("queue", "purge", Orders, "--id", "ff")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldBe("No message of outgoing orders@billing is meant; nothing to do.\n");
    }

    [Fact]
    public async Task Redirect_names_where_they_go()
    {
        Gateway.Add("x");
        (await RunAsync("queue", "redirect", Orders, "orders@archive", "--older-than", "0s")).ShouldBe(ExitCode.NotConfirmed);
        Terminal.Output.ShouldContain("to orders@archive:");

        var operation = await JsonAsync("queue", "redirect", Orders, "orders@archive", "--older-than", "0s", "--yes", "--include-in-doubt");

        operation.GetProperty("state").GetString().ShouldBe("done");
        operation.GetProperty("changed").GetInt64().ShouldBe(5);
        var request = Gateway.Operations.ShouldHaveSingleItem().Request;
        (request.Destination, request.IncludeInDoubt).ShouldBe(("orders@archive", true));
        request.Filter.AcceptedBeforeUnixMs.ShouldBeLessThan(long.MaxValue);
    }

    [Fact]
    public async Task What_the_gateway_does_not_begin_is_refused_with_its_reason()
    {
        Gateway.StartFault = _ => "8 operations run already";

        (await RunAsync("queue", "purge", Orders, "--all", "--yes")).ShouldBe(ExitCode.Refused);

        Terminal.Error.ShouldContain("8 operations run already");
    }

    [Fact]
    public async Task An_import_of_an_id_that_is_taken_advises_new_ids()
    {
        Gateway.Add("body 0");
        var file = Path.Combine(Directory.CreateTempSubdirectory("export-").FullName, "orders.jsonl");
        (await RunAsync("queue", "export", Orders, "--file", file)).ShouldBe(ExitCode.Ok);
        Gateway.OnEnqueue = request => new Reply.Rejected(request.Id, WireCode.IdConflict, "there is another message of this id");

        (await RunAsync("queue", "import", "archive", file)).ShouldBe(ExitCode.Refused);

        Terminal.Error.ShouldContain("there is another message of this id", Case.Insensitive);
        Terminal.Error.ShouldContain("With --new-ids they are taken under ids of their own.");
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task An_import_advises_options_and_not_parameters_of_the_API()
    {
        Gateway.Add("body 0");
        Gateway.Add("body 1");
        var file = Path.Combine(Directory.CreateTempSubdirectory("export-").FullName, "orders.jsonl");
        (await RunAsync("queue", "export", Orders, "--file", file)).ShouldBe(ExitCode.Ok);
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file, Token))[..2], Token);

        (await RunAsync("queue", "import", "archive", file)).ShouldBe(ExitCode.Refused);

        Terminal.Error.ShouldContain("beginning, or with --skip ");
        Terminal.Error.ShouldNotContain("skip=");
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task An_export_goes_into_a_new_file_and_comes_in_again()
    {
        for (var i = 0; i < 7; i++) Gateway.Add($"body {i}");
        var folder = Directory.CreateTempSubdirectory("export-");
        var file = Path.Combine(folder.FullName, "orders.jsonl");

        (await RunAsync("queue", "export", Orders, "--after", "2", "--file", file)).ShouldBe(ExitCode.Ok);
        Terminal.Error.ShouldBe("Exported 5 messages.\n");
        (await RunAsync("queue", "export", Orders, "--file", file)).ShouldBe(ExitCode.Failed);
        (await JsonAsync("queue", "import", "archive", file, "--check-only")).GetProperty("messages").GetInt64().ShouldBe(5);
        Gateway.Enqueued.ShouldBeEmpty();
        (await RunAsync("queue", "import", "archive", file, "--skip", "1")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldBe("Took 4 of 5 messages; 1 skipped.\n");
        Gateway.Enqueued.Sum(request => request.Items.Count).ShouldBe(4);
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file, Token))[..3], Token);
        (await RunAsync("queue", "import", "archive", file)).ShouldBe(ExitCode.Refused);
        Terminal.Error.ShouldContain("cut");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_export_without_a_file_is_written_to_the_output_alone()
    {
        Gateway.Add("body");

        (await RunAsync("queue", "export", Orders)).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldStartWith("""{"format":"gateway-export",""");
        Terminal.Output.Split('\n').Length.ShouldBe(4);
    }

    private static IEnumerable<long> Numbers(IEnumerable<JsonElement> lines) => lines.Select(line => line.GetProperty("number").GetInt64());
}
