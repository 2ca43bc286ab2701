using CsCheck;
using Gateway.Cli.Shell;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Cli.Offline;

/// <summary>The listings of a stopped gateway, at every width, and with the text of strangers in them.</summary>
public sealed class StoreListingTests : IDisposable
{
    private const string Forged = "no\n         2  00000000-0000-0000-0000-000000000000  forged\u001b[2J\u202Etxet";

    private readonly string _directory = Directory.CreateTempSubdirectory("store-listing-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public async Task Nothing_is_cut_and_what_the_listing_is_read_for_is_there(int width)
    {
        Fill("The customer number is unknown here, and the order cannot be booked.");

        await ShowAsync(width, ["orders@billing", "jobs", "1"], "ls");
        await ShowAsync(width, ["1", "3", Id(3).ToString()], "ls", "--queue", "orders@billing");
        await ShowAsync(width, ["1", "rejected", "The customer number is unknown here, and the order cannot be booked."],
            "ls", "--dead-letters");
    }

    [Fact]
    public async Task A_pipe_gets_a_row_a_line_with_every_column()
    {
        Fill("The customer number is unknown here, and the order cannot be booked.");

        (await ShowAsync(null, ["queue  ", "kind  ", "messages", "size", "last number"], "ls")).Length.ShouldBe(3);
        (await ShowAsync(null, [Id(1).ToString(), Id(3).ToString()], "ls", "--queue", "orders@billing")).Length.ShouldBe(3);
        (await ShowAsync(null, [Id(2).ToString(), "orders@billing 2", "booked."], "ls", "--dead-letters")).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(null)]
    public async Task A_rejection_forges_no_line_and_commands_no_terminal(int? width)
    {
        Fill(Forged);

        var lines = await ShowAsync(width, [ForeignText.Plain(Forged)], "ls", "--dead-letters");

        if (width is null) lines.Length.ShouldBe(2);
        lines.ShouldAllBe(line => ForeignText.Plain(line) == line);
    }

    [Fact]
    public async Task Whatever_a_consumer_says_stays_in_its_row() => await Hostile.Text.SampleAsync(async text =>
    {
        foreach (var file in Directory.EnumerateFiles(_directory)) File.Delete(file);
        Fill(text);

        var lines = await ShowAsync(null, [ForeignText.Plain(text)], "ls", "--dead-letters");

        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(line => ForeignText.Plain(line) == line);
    }, iter: 8, threads: 1);

    private void Fill(string rejection)
    {
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(_directory), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        for (var seed = 1; seed <= 3; seed++) store.Execute([Enqueue(Orders, Message(seed, 5))]);
        store.Execute([Inbound(TestStore.FirstId, 0, 1), Reject(Orders, 2, rejection)]);
        store.Close();
    }

    private async Task<string[]> ShowAsync(int? width, string[] words, params string[] args)
    {
        var usual = new TestTerminal();
        var terminal = new TestTerminal { Terminal = usual.Terminal with { Width = width } };

        (await terminal.RunAsync([.. new[] { "store" }.Concat(args), "--path", _directory])).ShouldBe(ExitCode.Ok, usual.Error);

        var lines = usual.Output.Split('\n')[..^1];
        if (width is { } columns) lines.ShouldAllBe(line => FoldedText.Width(line) <= columns);
        var plain = Unfolded(usual.Output);
        plain.ShouldNotContain("…");
        foreach (var word in words) plain.ShouldContain(Unfolded(word));
        return lines;
    }

    private static string Unfolded(string text) =>
        text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
