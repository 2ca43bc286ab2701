namespace Gateway.Cli.Shell;

/// <summary>Detects the end of an input whose content is irrelevant.</summary>
internal static class InputEnd
{
    /// <summary>
    /// Hidden option: the gateway stops at the end of its standard input, so that it does not outlive its parent process.
    /// </summary>
    public const string WhileInputOpen = "--while-input-open";

    /// <summary>
    /// A token that is cancelled when <paramref name="input"/> has ended. A background thread reads the input until then.
    /// </summary>
    public static CancellationToken Of(Stream input)
    {
        // Never disposed: the thread may cancel it at any moment until the process ends.
        var ended = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            Span<byte> ignored = stackalloc byte[256];
            while (input.Read(ignored) > 0)
            {
            }

            ended.Cancel();
        })
        {
            IsBackground = true,
            Name = "end of input",
        };
        thread.Start();
        return ended.Token;
    }
}
