using System.Text;
using Gateway.Cli.Shell;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class MessagePrinterTests
{
    private static readonly DateTimeOffset _time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task A_body_is_printed_as_it_is_with_the_end_of_a_line()
    {
        await new MessagePrinter(_terminal.Terminal, verbose: false).PrintAsync(Message(), TestContext.Current.CancellationToken);

        _terminal.Output.ShouldBe("Grüße\n");
    }

    [Fact]
    public async Task Verbose_prints_what_is_known_of_the_message_before_the_body()
    {
        await new MessagePrinter(_terminal.Terminal, verbose: true).PrintAsync(Message(), TestContext.Current.CancellationToken);

        _terminal.Output.ShouldBe(
            $"""
            id: {Message().Id}
            deliveries: 2
            enqueued: 2026-01-02T03:04:05.678Z
            expires: 2026-01-02T03:05:05.678Z
            source: a
            header: kind=order
            header: tenant=7
            Grüße

            """.ReplaceLineEndings("\n"));
    }

    private static PrintedMessage Message() => new(
        Id: new MessageId(new Guid(1, 2, 3, new byte[8])),
        Body: Encoding.UTF8.GetBytes("Grüße"),
        Headers: new Dictionary<string, string> { ["tenant"] = "7", ["kind"] = "order" },
        Deliveries: 2,
        EnqueuedAt: _time,
        ExpiresAt: _time.AddMinutes(1),
        Source: "a");
}
