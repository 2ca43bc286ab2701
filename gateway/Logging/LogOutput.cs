using System.Text;

namespace Gateway.Logging;

/// <summary>
/// Writes lines of the log, on a thread of its own. Whoever logs never waits: lines that find the queue full, since nobody reads, are
/// dropped and counted, and a line says how many once they flow again.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    /// <summary>
    /// Lines that wait, and their characters, unless the configuration gives another number of lines (Logging:Console:MaxQueueLength).
    /// </summary>
    public const int LinesMax = 2500;

    private const int CharactersMax = 4 * 1024 * 1024;
    private const int BatchCharacters = 32 * 1024;

    /// <summary>What the last lines may take to leave when the process ends.</summary>
    private static readonly TimeSpan _lastMoment = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Queue<string> _lines = [];
    private readonly Descriptor _descriptor;
    private readonly int _linesMax;
    private readonly Func<long, string> _notice;
    private readonly Thread _thread;
    private int _characters;
    private long _dropped;
    private long _told;
    private bool _isOver;
    private volatile bool _isGivenUp;

    /// <param name="notice">The line that says how many were dropped.</param>
    public LogOutput(Descriptor descriptor, int linesMax, Func<long, string> notice)
    {
        _descriptor = descriptor;
        _linesMax = linesMax;
        _notice = notice;
        _thread = new Thread(Run) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Lines that nobody can read any more. Any thread.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate) return _dropped;
        }
    }

    /// <summary>Any thread; never waits.</summary>
    /// <param name="line">With its end.</param>
    public void Write(string line)
    {
        lock (_gate)
        {
            if (_isOver || _lines.Count >= _linesMax || _characters + line.Length > CharactersMax)
            {
                _dropped++;
                return;
            }

            _lines.Enqueue(line);
            _characters += line.Length;
            if (_lines.Count == 1) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Gives what waits a moment to leave.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver) return;
            _isOver = true;
            Monitor.Pulse(_gate);
        }

        if (!_thread.Join(_lastMoment)) _isGivenUp = true;
    }

    private void Run()
    {
        var batch = new StringBuilder();
        while (!_isGivenUp && Take(batch) is > 0 and var count)
        {
            if (TryWrite(batch.ToString())) TellDrops();
            else Drop(count);
        }
    }

    /// <summary>Waits for lines; none when there will be no more.</summary>
    private int Take(StringBuilder batch)
    {
        batch.Clear();
        var count = 0;
        lock (_gate)
        {
            while (_lines.Count == 0 && !_isOver) Monitor.Wait(_gate);
            for (; _lines.TryPeek(out var next) && (count == 0 || batch.Length + next.Length <= BatchCharacters); count++)
            {
                batch.Append(_lines.Dequeue());
                _characters -= next.Length;
            }
        }

        return count;
    }

    private bool TryWrite(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            while (!bytes.IsEmpty && !_isGivenUp)
            {
                if (_descriptor.WaitToWrite(_look)) bytes = bytes[_descriptor.Write(bytes)..];
            }

            return bytes.IsEmpty;
        }
        catch (OutputLostException)
        {
            return false;
        }
    }

    private void TellDrops()
    {
        var dropped = Dropped;
        if (dropped > _told && TryWrite(_notice(dropped - _told))) _told = dropped;
    }

    private void Drop(int count)
    {
        lock (_gate) _dropped += count;
    }
}
