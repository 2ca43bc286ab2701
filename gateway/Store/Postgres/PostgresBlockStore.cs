using Gateway.Store.Disk.Log;
using Gateway.Store.Holding;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// Blocks in PostgreSQL: a table for each volume, which is dropped as a whole, and one beside for the blocks that belong to none. Each
/// write is one transaction in one round trip, with the proof that the store is still held. Each member waits while the database is away,
/// as long as an outage may last.
/// </summary>
internal sealed class PostgresBlockStore : IBlockStore
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(5);

    /// <summary>A statement that takes long on purpose: the check.</summary>
    private const int LongSeconds = 600;

    /// <summary>A table that somebody reads is dropped later.</summary>
    private const string DropPatience = "SET LOCAL lock_timeout = 1000";

    private readonly PostgresHoldServer _server;
    private readonly HeldSession<PostgresConnection, PostgresTransaction> _session;
    private readonly PostgresSettings _settings;
    private readonly TimeProvider _time;
    private readonly List<VolumeInfo> _volumes = [];
    private readonly ReadAhead _ahead = new();
    private string? _missingStandby;
    private long _lookedAt;

    private PostgresBlockStore(PostgresHoldServer server, HeldSession<PostgresConnection, PostgresTransaction> session,
        PostgresSettings settings, TimeProvider time) => (_server, _session, _settings, _time) = (server, session, settings, time);

    public IReadOnlyList<VolumeInfo> Volumes => _volumes;

    public IBlockDisk Disk => NoBlockDisk.Instance;

    public string? Obstacle => _settings.RequireSynchronousReplica ? _missingStandby : null;

    /// <summary>The state of the database as seen from here. Any thread.</summary>
    public EngineStanding Standing => _session.Standing;

    /// <summary>Why the store was not to be used when it was opened, in a sentence; null if it was.</summary>
    public string? Closed => _session.Closed;

    /// <summary>The servers, database and schema, for people.</summary>
    public string Place => _server.Place;

    /// <summary>The queries that reads of single blocks have cost so far.</summary>
    public long Queries { get; private set; }

    private PostgresTables Tables => _server.Tables;

    private int Store => _server.Store;

    private PostgresRows Newest => RowsOf(_volumes[^1].FirstGroup);

    private PostgresRows Beside => new(Tables.Beside, Store);

    /// <summary>Takes hold of the store, and makes it if it may be made.</summary>
    /// <param name="mayBeClosed">It is opened although it is not to be used, as one that was moved away.</param>
    /// <param name="standby">Waits for a store that another process holds; null if that is an error.</param>
    /// <exception cref="Gateway.Store.Disk.Files.StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached, or refuses for now.</exception>
    /// <exception cref="StoreFailedException">It refuses for good, or the store cannot be used.</exception>
    public static PostgresBlockStore Open(PostgresSettings settings, bool mayMake, TimeProvider time, ILoggerFactory loggers,
        bool mayBeClosed = false, IStandby? standby = null)
    {
        var server = new PostgresHoldServer(settings);
        var session = HeldSession<PostgresConnection, PostgresTransaction>.Open(
            server, settings.ToHold(), mayMake, mayBeClosed, standby, time, loggers.CreateLogger<PostgresHoldServer>());
        try
        {
            var blocks = new PostgresBlockStore(server, session, settings, time);
            session.Run("Opening the store", connection =>
            {
                blocks.FindVolumes(connection.Npgsql);
                blocks.Look(connection.Npgsql);
            });
            return blocks;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Notes whose store it is, for people and for programs that cannot read it.</summary>
    public void Note(Guid identity, int format) => _session.Change("Noting the store's identity", transaction =>
        transaction.Execute($"UPDATE {Tables.Stores} SET identity = $2, format = $3, program = $4 WHERE id = $1",
            Store, identity, format, ProgramVersion.Text));

    /// <summary>Says that the store is not to be used, or, with null, that it is. The next opening heeds it.</summary>
    public void Close(string? sentence) => _session.Change("Closing the store", transaction =>
        transaction.Execute($"UPDATE {Tables.Stores} SET closed = $2 WHERE id = $1", Store, sentence ?? (object)DBNull.Value));

    /// <summary>Removes every block.</summary>
    public void Empty()
    {
        _session.Change("Emptying the store", transaction =>
        {
            foreach (var volume in _volumes) transaction.Execute($"DROP TABLE IF EXISTS {Tables.Volume(Store, volume.FirstGroup)}");
            transaction.Execute($"DELETE FROM {Tables.Volumes} WHERE store = $1", Store);
            transaction.Execute($"DELETE FROM {Tables.Beside} WHERE store = $1", Store);
        });
        _volumes.Clear();
        _ahead.Clear();
    }

    /// <summary>The size of the store's volumes in the database; of a closed one about as it was.</summary>
    public long MeasureBytes()
    {
        if (!_session.IsClosed) _session.Run("Measuring the store", connection => FindVolumes(connection.Npgsql));
        return _volumes.Sum(volume => volume.SizeBytes);
    }

    /// <summary>The numbers of the blocks of a kind, whether or not their bytes can be read.</summary>
    public IReadOnlyList<long> Numbers(BlockKind kind, long? volume = null)
    {
        var rows = IsBeside(kind) ? Beside : RowsOf(volume ?? _volumes[^1].FirstGroup);
        IReadOnlyList<long> numbers = [];
        Reading(new BlockId(kind, 0), connection => numbers = rows.Numbers(connection, kind));
        return numbers;
    }

    /// <summary>One block of a volume; of the newest if none is given.</summary>
    /// <exception cref="DamagedBlockException">It cannot be read.</exception>
    public byte[]? ReadIn(BlockId id, long? volume)
    {
        var rows = IsBeside(id.Kind) ? Beside : RowsOf(volume ?? _volumes[^1].FirstGroup);
        byte[]? found = null;
        Reading(id, connection => found = rows.Find(connection, id));
        return found;
    }

    public bool Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        var sizeBytes = first.Sum(block => (long)block.Bytes.Length);
        _session.Change($"Beginning the volume from group {firstGroup}", transaction =>
        {
            transaction.Execute(Tables.MakeVolume(Store, firstGroup));
            transaction.Execute($"INSERT INTO {Tables.Volumes} VALUES ($1, $2)", Store, firstGroup);
            RowsOf(firstGroup).AddPuts(transaction.Batch, first);
        }, connection => HasVolume(connection.Npgsql, firstGroup));
        _volumes.Add(new VolumeInfo(firstGroup, sizeBytes));
        return true;
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        var (beside, newest) = (puts.Where(put => IsBeside(put.Id.Kind)).ToList(), puts.Where(put => !IsBeside(put.Id.Kind)).ToList());
        _session.Change("Writing to the store", transaction =>
        {
            Newest.AddPuts(transaction.Batch, newest);
            Newest.AddDeletes(transaction.Batch, [.. deletes.Where(id => !IsBeside(id.Kind))]);
            Beside.AddPuts(transaction.Batch, beside);
            Beside.AddDeletes(transaction.Batch, [.. deletes.Where(id => IsBeside(id.Kind))]);
        }, IsThere(puts));
        _volumes[^1] = _volumes[^1] with { SizeBytes = _volumes[^1].SizeBytes + newest.Sum(put => (long)put.Bytes.Length) };
    }

    public bool Drop(long firstGroup)
    {
        Invariant.Require(_volumes.Count > 1 && _volumes[^1].FirstGroup != firstGroup, "only a volume that is not the newest is dropped");
        try
        {
            _session.Change($"Dropping the volume from group {firstGroup}", transaction =>
            {
                transaction.Execute(DropPatience);
                transaction.Execute($"DROP TABLE IF EXISTS {Tables.Volume(Store, firstGroup)}");
                transaction.Execute($"DELETE FROM {Tables.Volumes} WHERE store = $1 AND first_group = $2", Store, firstGroup);
            });
        }
        catch (PostgresException locked) when (PostgresFailures.IsLocked(locked))
        {
            return false;
        }

        _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);
        _ahead.Clear();
        return true;
    }

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null)
    {
        if (id.Kind == BlockKind.Group && _ahead.Take(id.Number) is { } known) return known;
        var rows = RowsOf(id);
        if (id.Kind == BlockKind.Group && next is not null && Along(id, next) is { Length: > 1 } along && TryFetch(rows, along)
            && _ahead.Take(id.Number) is { } fetched) return fetched;
        byte[]? found = null;
        Queries++;
        Reading(id, connection => found = rows.Find(connection, id));
        return found;
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null)
    {
        var rows = IsBeside(kind) ? Beside : RowsOf(volume ?? _volumes[^1].FirstGroup);
        while (NextWindow() is { Count: > 0 } window)
        {
            foreach (var block in window) yield return block;
            after = window[^1].Id.Number;
        }

        List<Block> NextWindow()
        {
            List<Block> window = [];
            Reading(new BlockId(kind, after + 1), connection => window = rows.Window(connection, kind, after));
            return window;
        }
    }

    public void Confirm() => _session.Confirm();

    public void SetAside(Block block)
    {
        // Its row stays where it is: a volume with a damaged group is never dropped.
    }

    public void ForgetRead() => _ahead.Clear();

    public bool Maintain()
    {
        if (_session.HasFailed) return false;
        if (_time.GetElapsedTime(_lookedAt) >= _lookInterval) _session.Run("Looking at the server", connection => Look(connection.Npgsql));
        _session.KeepAlive();
        return false;
    }

    public IReadOnlyList<string> Check()
    {
        string[] tables = [.. _volumes.Select(volume => Tables.Volume(Store, volume.FirstGroup)), Tables.Beside];
        return [.. tables.Select(FindFault).OfType<string>()];
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Kinds kept in the table beside the volumes.</summary>
    private static bool IsBeside(BlockKind kind) => kind is BlockKind.Accepted or BlockKind.Event;

    private Func<PostgresConnection, bool>? IsThere(IReadOnlyList<Block> puts)
    {
        if (WriteSign.Of(puts) is not { } sign) return null;
        var rows = IsBeside(sign.Id.Kind) ? Beside : Newest;
        return connection => rows.Has(connection.Npgsql, sign);
    }

    private void FindVolumes(NpgsqlConnection connection)
    {
        _volumes.Clear();
        foreach (var first in PostgresCommands.Rows(connection,
            $"SELECT first_group FROM {Tables.Volumes} WHERE store = $1 ORDER BY first_group", row => row.GetInt64(0), Store))
        {
            var size = PostgresCommands.Scalar<long>(connection,
                "SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)", Tables.Volume(Store, first));
            _volumes.Add(new VolumeInfo(first, size));
        }
    }

    private void Look(NpgsqlConnection connection)
    {
        var look = ServerLook.At(connection);
        _lookedAt = _time.GetTimestamp();
        _missingStandby = look.MissingStandby();
        _session.Tell(look.Weaknesses());
    }

    private bool HasVolume(NpgsqlConnection connection, long firstGroup) => PostgresCommands.Scalar<bool>(connection,
        $"SELECT EXISTS (SELECT 1 FROM {Tables.Volumes} WHERE store = $1 AND first_group = $2)", Store, firstGroup);

    private PostgresRows RowsOf(long firstGroup) => new(Tables.Volume(Store, firstGroup), Store: null);

    private PostgresRows RowsOf(BlockId id)
    {
        if (IsBeside(id.Kind)) return Beside;
        if (id.Kind != BlockKind.Group) return Newest;
        var index = _volumes.FindLastIndex(volume => volume.FirstGroup <= id.Number);
        return index >= 0 ? RowsOf(_volumes[index].FirstGroup) : throw new StoreFailedException($"The store has no volume for {id}: its "
            + $"table is missing in {Place}. Put it back, or save what is left with 'gateway store repair'.");
    }

    /// <summary>The group and those after it that lie in the same volume.</summary>
    private long[] Along(BlockId id, IEnumerable<long> next)
    {
        var index = _volumes.FindLastIndex(volume => volume.FirstGroup <= id.Number);
        var (first, end) = (_volumes[index].FirstGroup, index + 1 < _volumes.Count ? _volumes[index + 1].FirstGroup : long.MaxValue);
        return [.. next.Where(group => group >= first && group < end).Prepend(id.Number).Distinct().Take(ReadAhead.GroupsMax)];
    }

    /// <summary>Fetches groups for the reads that follow. False if one of them is damaged, so that each has to be read by itself.</summary>
    private bool TryFetch(PostgresRows rows, long[] groups)
    {
        try
        {
            Queries++;
            _session.Run("Reading groups", connection =>
            {
                foreach (var block in rows.Find(connection.Npgsql, BlockKind.Group, groups, ReadAhead.QueryBytesMax))
                    _ahead.Add(block.Id.Number, block.Bytes);
            });
            return true;
        }
        catch (PostgresException damage) when (PostgresFailures.IsDamage(damage))
        {
            return false;
        }
    }

    private string? FindFault(string table)
    {
        try
        {
            string? fault = null;
            _session.Run($"Checking {table}", connection => fault = PostgresCheck.FindFault(connection.Npgsql, table, LongSeconds));
            return fault;
        }
        catch (PostgresException damage) when (PostgresFailures.IsDamage(damage))
        {
            return $"the table {table} cannot be read: {damage.MessageText}";
        }
    }

    private void Reading(BlockId id, Action<NpgsqlConnection> read)
    {
        try
        {
            _session.Run($"Reading {id}", connection => read(connection.Npgsql));
        }
        catch (PostgresException damage) when (PostgresFailures.IsDamage(damage))
        {
            throw new DamagedBlockException(id, damage.MessageText, damage);
        }
    }
}
