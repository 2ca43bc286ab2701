using System.Text;

namespace Gateway.Cli;

/// <summary>What a verb reads and writes: the three standard streams, or a test's.</summary>
internal sealed record Terminal
{
    public required Stream Input { get; init; }

    /// <summary>Whether the input comes from a file or a pipe, rather than from somebody's keyboard.</summary>
    public required bool InputIsRedirected { get; init; }

    /// <summary>For bodies, which are bytes.</summary>
    public required Stream Output { get; init; }

    /// <summary>For sentences that say what went wrong.</summary>
    public required TextWriter Error { get; init; }

    public required TimeProvider Time { get; init; }

    public static Terminal Standard() => new()
    {
        Input = Console.OpenStandardInput(),
        InputIsRedirected = Console.IsInputRedirected,
        Output = Console.OpenStandardOutput(),
        Error = Console.Error,
        Time = TimeProvider.System,
    };

    /// <summary>Writes text and its line's end at once: a reader at the other end of a pipe need not wait.</summary>
    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        await Output.FlushAsync(cancellationToken);
    }
}
