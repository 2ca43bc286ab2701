using Gateway.Cli.Shell;
using Gateway.Store;
using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli.Offline;

/// <summary>A store in PostgreSQL as an end of a move. As a target it is closed until it is whole.</summary>
internal sealed class MoveDatabase : IMoveEnd
{
    private const string Moving = "A move into it was begun and not finished; repeat 'gateway store move'.";
    private const string MovedAway = "It was moved ";

    private readonly PostgresBlockStore _blocks;
    private readonly PostgresSettings _settings;

    private MoveDatabase(PostgresSettings settings, bool mayMake)
    {
        _settings = settings;
        _blocks = PostgresBlockStore.Open(settings, mayMake, TimeProvider.System, NullLoggerFactory.Instance, mayBeClosed: true);
    }

    public string Place => $"{_settings.Describe()}, store {_settings.Store}";

    public IBlockStore Blocks => _blocks;

    public static MoveDatabase From(PostgresSettings settings) => new(settings, mayMake: false);

    public static MoveDatabase To(PostgresSettings settings)
    {
        var target = new MoveDatabase(settings, mayMake: true);
        try
        {
            if (target._blocks.Closed?.StartsWith(MovedAway, StringComparison.Ordinal) == true) target._blocks.Empty();
            else if (target._blocks is { Closed: null, Volumes.Count: > 0 }) throw new CommandLineException(ExitCode.Failed,
                $"There is a store in {target.Place} already. Give another Store:Schema or another Name, or drop that store.");
            target._blocks.Close(Moving);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    public void Leave(string sentence) => _blocks.Close(sentence);

    public void Finish()
    {
        if (_blocks.Read(new BlockId(BlockKind.Identity, 1)) is { } identity)
            _blocks.Note(MessageStore.ReadIdentity(identity), MessageStore.FormatVersion);
        _blocks.Close(sentence: null);
    }

    public void Dispose() => _blocks.Dispose();
}
