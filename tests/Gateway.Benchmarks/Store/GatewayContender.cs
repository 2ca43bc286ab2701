using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Store;

/// <summary>The gateway's store, by the commands that the gateway gives it.</summary>
internal sealed class GatewayContender : IStoreContender
{
    private const int ReadMessages = 1000;
    private const int ReadBytes = 1024 * 1024;

    private static readonly DateTimeOffset _time = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly StoreCase _case;
    private readonly MessageStore _store;
    private readonly QueueId[] _queues;
    private readonly byte[] _body;
    private ulong _fingerprint;

    public GatewayContender(DirectoryInfo folder, StoreCase of)
    {
        _case = of;
        _body = new byte[of.BodyBytes];
        _queues = Enumerable.Range(0, of.Queues).Select(number => QueueId.Outgoing($"queue{number}", "peer")).ToArray();
        _store = MessageStore.Open(new LiteBlockStore(new FileDisk(folder.FullName), NullLoggerFactory.Instance), new StoreSettings(), Guid.NewGuid());
    }

    public string Name => "gateway";

    public void Insert(int group) => Commit(Insertions());

    public long ReadAll() => _queues.Sum(queue =>
    {
        var count = 0L;
        for (var after = 0L; ;)
        {
            IReadOnlyList<StoredMessage> found = [];
            var read = new ReadQueueCommand(queue, after, ReadMessages, ReadBytes, messages => found = messages);
            _store.Execute([read]);
            read.Complete();
            if (found.Count == 0) return count;
            count += found.Count;
            after = found[^1].Number;
        }
    });

    public void Remove(int group) => Commit(Removals(group).ToList());

    public void InsertAndRemove(int inserted, int removed) => Commit([.. Insertions(), .. Removals(removed)]);

    public void Dispose() => _store.Dispose();

    private void Commit(IReadOnlyList<StoreCommand> commands)
    {
        _store.Execute(commands);
        _store.Maintain();
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
