using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Store;

/// <summary>The gateway's store, by the commands that the gateway gives it.</summary>
internal sealed class GatewayContender : IStoreContender
{
    private const int ReadMessages = 1000;
    private const int ReadBytes = 1024 * 1024;

    private static readonly DateTimeOffset _time = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly StoreCase _case;
    private readonly CountingDisk? _disk;
    private readonly IDisposable _store;
    private readonly Action<IReadOnlyList<StoreCommand>> _execute;
    private readonly QueueId[] _queues;
    private readonly byte[] _body;
    private ulong _fingerprint;

    private GatewayContender(string name, StoreCase of, CountingDisk? disk, IDisposable store, Action<IReadOnlyList<StoreCommand>> execute)
    {
        (Name, _case, _disk, _store, _execute) = (name, of, disk, store, execute);
        _body = new byte[of.BodyBytes];
        _queues = Enumerable.Range(0, of.Queues).Select(number => QueueId.Outgoing($"queue{number}", "peer")).ToArray();
    }

    /// <summary>The store on the caller's thread.</summary>
    /// <param name="folder">For the store alone.</param>
    /// <param name="of">The case to store.</param>
    public static Task<IStoreContender> OpenAsync(DirectoryInfo folder, StoreCase of)
    {
        var disk = new CountingDisk(new FileDisk(folder.FullName));
        var store = Open(disk);
        return Task.FromResult<IStoreContender>(new GatewayContender("gateway", of, disk, store, commands => Execute(store, commands)));
    }

    /// <summary>The store behind its thread: a commit is measured from submitting to completion.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<IStoreContender> OpenThreadedAsync(DirectoryInfo folder, StoreCase of)
    {
        var disk = new CountingDisk(new FileDisk(folder.FullName));
        var store = await ThreadedStore.StartAsync(() => Open(disk));
        return new GatewayContender("gateway, by thread", of, disk, store, store.Execute);
    }

    /// <summary>The store in PostgreSQL, on the caller's thread.</summary>
    public static IStoreContender OpenPostgres(BenchmarkSettings settings, StoreCase of)
    {
        settings.DropSchema();
        var place = new PostgresSettings(settings.Connection, BenchmarkSettings.Schema, "benchmark");
        var blocks = PostgresBlockStore.Open(place, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance);
        var store = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid());
        return new GatewayContender("gateway", of, disk: null, store, commands => Execute(store, commands));
    }

    public string Name { get; }

    public long? WrittenBytes => _disk?.WrittenBytes;

    public bool HasLazyRemovals => _store is ThreadedStore;

    public void Insert(int group) => _execute(Insertions());

    public long ReadAll() => _queues.Sum(queue =>
    {
        var count = 0L;
        for (var after = 0L; ;)
        {
            IReadOnlyList<StoredMessage> found = [];
            var read = new ReadQueueCommand(queue, after, ReadMessages, ReadBytes, messages => found = messages);
            _execute([read]);
            read.Complete();
            if (found.Count == 0) return count;
            count += found.Count;
            after = found[^1].Number;
        }
    });

    public void Remove(int group) => _execute(Removals(group).ToList());

    public void InsertAndRemove(int inserted, int removed) => _execute([.. Insertions(), .. Removals(removed)]);

    public void Dispose() => _store.Dispose();

    private static MessageStore Open(CountingDisk disk) =>
        MessageStore.Open(new LiteBlockStore(disk, NullLoggerFactory.Instance), new StoreSettings(), Guid.NewGuid());

    private static void Execute(MessageStore store, IReadOnlyList<StoreCommand> commands)
    {
        store.Execute(commands);
        store.Maintain();
    }

    private List<StoreCommand> Insertions()
    {
        var commands = new List<StoreCommand>(_case.GroupMessages);
        for (var i = 0; i < _case.GroupMessages; i++)
        {
            var message = new Message { Id = MessageId.New(_time), EnqueuedUnixMs = 1, Source = "benchmark", Body = _body };
            commands.Add(new EnqueueCommand([_queues[i % _queues.Length]], [new IncomingMessage(message, ++_fingerprint)], 1, _ => { }));
        }

        return commands;
    }

    private IEnumerable<StoreCommand> Removals(int group)
    {
        var upTo = (group + 1L) * _case.GroupMessages / _queues.Length;
        return _queues.Select(queue => new AcknowledgeCommand(queue, upTo));
    }
}
