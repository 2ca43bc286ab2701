using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>Shows the progress of a long action: on a screen in one overwritten line, elsewhere in occasional lines.</summary>
internal sealed class Progress(Terminal terminal)
{
    private static readonly TimeSpan _lineEvery = TimeSpan.FromSeconds(10);

    private long _told = terminal.Time.GetTimestamp();
    private int _length;

    public void Show(string text)
    {
        if (terminal.ErrorIsScreen)
        {
            terminal.Error.Write($"\r{text.PadRight(_length)}");
            _length = text.Length;
        }
        else if (terminal.Time.GetElapsedTime(_told) >= _lineEvery)
        {
            terminal.Error.WriteLine(text);
            _told = terminal.Time.GetTimestamp();
        }
    }

    /// <summary>Clears the line for the next output.</summary>
    public void Clear()
    {
        if (_length > 0) terminal.Error.Write($"\r{new string(' ', _length)}\r");
        _length = 0;
    }
}
