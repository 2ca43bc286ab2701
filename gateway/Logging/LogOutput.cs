using System.Text;

namespace Gateway.Logging;

/// <summary>
/// Writes log lines on a thread of its own, so that logging never blocks. Lines that find the queue full, because nobody reads, are dropped
/// and counted; a line reports their number once output resumes.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    /// <summary>
    /// The maximum number of queued lines, and of their characters; Logging:Console:MaxQueueLength sets another number of lines.
    /// </summary>
    public const int LinesMax = 2500;

    private const int CharactersMax = 4 * 1024 * 1024;
    private const int BatchCharacters = 32 * 1024;

    /// <summary>The time allowed for the last lines when the process ends.</summary>
    private static readonly TimeSpan _lastMoment = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Queue<string> _lines = [];
    private readonly ILogSink _sink;
    private readonly int _linesMax;
    private readonly Func<long, string> _notice;
    private readonly Thread _thread;
    private int _characters;
    private long _dropped;
    private long _told;
    private bool _isOver;
    private volatile bool _isGivenUp;

    /// <param name="notice">Formats the line that reports the number of dropped lines.</param>
    public LogOutput(ILogSink sink, int linesMax, Func<long, string> notice)
    {
        _sink = sink;
        _linesMax = linesMax;
        _notice = notice;
        _thread = new Thread(Run) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The number of lines dropped. Thread-safe.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate) return _dropped;
        }
    }

    /// <summary>Thread-safe; never blocks.</summary>
    /// <param name="line">The line with its line end.</param>
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

    /// <summary>Allows a moment for the queued lines.</summary>
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

    /// <summary>Waits for lines; returns none after the last.</summary>
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
                if (_sink.WaitToWrite(_look)) bytes = bytes[_sink.Write(bytes)..];
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
