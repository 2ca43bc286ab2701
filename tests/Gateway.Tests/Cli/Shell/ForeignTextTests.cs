using System.Text;
using Gateway.Cli.Shell;
using Gateway.Client;
using Shouldly;
using Spectre.Console;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

/// <summary>Text that others wrote, on a screen and in a pipe.</summary>
public sealed class ForeignTextTests
{
    private const string Hostile = "\u001b]0;owned\u0007\u202Etxet";

    private readonly TestTerminal _pipe = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestTerminal Screen => new() { Terminal = _pipe.Terminal with { Width = 80, HasColours = true } };

    [Fact]
    public async Task A_body_reaches_a_screen_without_what_it_obeys()
    {
        await new MessagePrinter(Screen.Terminal, verbose: true).PrintAsync(Message(), Cancel);

        _pipe.Output.ShouldContain("·]0;owned··txet\nzwei");
        _pipe.Output.ShouldContain("header: a··b=·]0;owned··txet");
        ForeignText.Lines(_pipe.Output).ShouldBe(_pipe.Output);
    }

    [Fact]
    public async Task A_body_reaches_a_pipe_as_it_is_and_its_headers_stay_one_line_each()
    {
        await new MessagePrinter(_pipe.Terminal, verbose: true).PrintAsync(Message(), Cancel);

        _pipe.Output.ShouldEndWith($"{Hostile}\nzwei\n");
        _pipe.Output.ShouldContain("\nheader: a··b=·]0;owned··txet\n");
    }

    [Fact]
    public async Task Whatever_is_rendered_loses_what_a_terminal_obeys_and_keeps_our_colours()
    {
        await new Output(Screen.Terminal, OutputFormat.Table).WriteAsync([new Text(Hostile, new Style(Color.Red))], Cancel);

        _pipe.Output.ShouldNotContain("\u001b]0;");
        _pipe.Output.ShouldNotContain('\u202E');
        _pipe.Output.ShouldContain("\u001b[");
        _pipe.Output.ShouldContain("·]0;owned··txet");
    }

    [Fact]
    public async Task Json_stays_the_same_text()
    {
        await new Output(_pipe.Terminal, OutputFormat.Jsonl).WriteObjectAsync(new { text = Hostile }, Cancel);

        _pipe.Output.ShouldContain("\\u202e");
        System.Text.Json.JsonDocument.Parse(_pipe.Output).RootElement.GetProperty("text").GetString().ShouldBe(Hostile);
    }

    [Fact]
    public void A_sentence_on_standard_error_quotes_without_obeying_and_may_overwrite_itself()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var error = new ShownWriter(text);

        error.WriteLine($"no queue '{Hostile}'");
        error.Write("\rExported 7 …");
        error.Write("\r            \r");

        text.ToString().ShouldBe("no queue '·]0;owned··txet'\n\rExported 7 …\r            \r");
    }

    [Fact]
    public void A_sentence_on_a_screen_is_broken_between_words_and_a_line_of_progress_is_not()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var error = new ShownWriter(text, width: 16);

        error.WriteLine("No gateway answers at 127.0.0.1:7425.\n  Is it running there?");
        error.Write("\rExported 7 messages …");

        text.ToString().ShouldBe(
            "No gateway\nanswers at\n127.0.0.1:7425.\n  Is it running\n  there?\n\rExported 7 messages …");
    }

    [Fact]
    public async Task A_sentence_of_a_verb_is_broken_between_words_on_a_screen_and_whole_in_a_pipe()
    {
        var screen = TestTerminal.OfWidth(16);

        await screen.Terminal.WriteSentenceAsync("The store has all its messages.", Cancel);
        await _pipe.Terminal.WriteSentenceAsync("The store has all its messages.", Cancel);

        screen.Output.ShouldBe("The store has\nall its\nmessages.\n");
        _pipe.Output.ShouldBe("The store has all its messages.\n");
    }

    [Fact]
    public void Characters_that_come_in_pieces_are_whole_on_a_screen()
    {
        using var screen = new MemoryStream();
        using var shown = new ShownStream(screen);

        foreach (var one in Encoding.UTF8.GetBytes("Grüße 🚚\u202E\u001b")) shown.Write([one], 0, 1);

        Encoding.UTF8.GetString(screen.ToArray()).ShouldBe("Grüße 🚚··");
    }

    private static PrintedMessage Message() => new(
        Id: new MessageId(new Guid(1, 2, 3, new byte[8])),
        Body: Encoding.UTF8.GetBytes($"{Hostile}\nzwei"),
        Headers: new Dictionary<string, string> { ["a\r\nb"] = Hostile },
        Deliveries: 1,
        EnqueuedAt: default,
        ExpiresAt: null,
        Source: "shop");
}
