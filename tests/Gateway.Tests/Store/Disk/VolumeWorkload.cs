using System.Collections.Immutable;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Log;
using LiteDB;
using Shouldly;

namespace Gateway.Tests.Store.Disk;

/// <summary>A document of the model: its body follows from these, so that comparing them compares every byte.</summary>
internal readonly record struct ModelDocument(int Id, int Version, int Size)
{
    public BsonDocument ToBson()
    {
        var body = new byte[Size];
        new Random((Id * 1000) + Version).NextBytes(body);
        return new BsonDocument { ["_id"] = Id, ["version"] = Version, ["body"] = body };
    }
}

/// <summary>
/// A script of transactions against a volume, and beside it the model of what must be there: after a crash the stable state, or the one
/// whose commit had begun but not returned. Nothing else.
/// </summary>
internal sealed class VolumeWorkload(SimulatedDisk disk, int seed)
{
    private const string Collection = "documents";

    private static readonly int[] _sizes = [0, 100, 1_000, 9_000, 30_000, 260_000];

    private readonly Random _random = new(seed);
    private int _nextId = 1;

    public ImmutableSortedDictionary<int, ModelDocument> Stable { get; private set; } = ImmutableSortedDictionary<int, ModelDocument>.Empty;

    public ImmutableSortedDictionary<int, ModelDocument>? InFlight { get; private set; }

    /// <summary>
    /// Runs so many steps, some of them a checkpoint or a close and reopen. Disposes the volume at the end, whatever happens.
    /// </summary>
    public void Run(int steps)
    {
        var volume = LiteVolume.Open(disk, "v");
        try
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Next(14))
                {
                    case 0:
                        volume.Checkpoint();
                        break;
                    case 1:
                        volume.Dispose();
                        volume = LiteVolume.Open(disk, "v");
                        break;
                    case 2:
                        volume.Abandon();
                        volume = LiteVolume.Open(disk, "v");
                        break;
                    case 3:
                        Write(volume);
                        volume.Engine.Rollback();
                        break;
                    default:
                        Commit(volume);
                        break;
                }
            }
        }
        catch (StoreFailedException)
        {
            Should.Throw<Exception>(() => volume.Engine, "a volume that has failed or is closed gives no engine");
            throw;
        }
        finally
        {
            volume.Abandon();
        }
    }

    public void Commit(LiteVolume volume)
    {
        InFlight = Write(volume);
        volume.Commit();
        Stable = InFlight;
        InFlight = null;
    }

    /// <summary>The blocks of the volume, each body compared with the one written.</summary>
    public static ImmutableSortedDictionary<int, ModelDocument> Read(LiteVolume volume)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<int, ModelDocument>();
        using var reader = volume.Engine.Query(Collection, new Query());
        while (reader.Read())
        {
            var row = reader.Current.AsDocument;
            var document = new ModelDocument(row["_id"].AsInt32, row["version"].AsInt32, row["body"].AsBinary.Length);
            row["body"].AsBinary.AsSpan().SequenceEqual(document.ToBson()["body"].AsBinary).ShouldBeTrue($"body of {document}");
            found.Add(document.Id, document);
        }

        return found.ToImmutable();
    }

    private ImmutableSortedDictionary<int, ModelDocument> Write(LiteVolume volume)
    {
        var model = Stable;
        volume.Begin();
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var known = model.IsEmpty ? default : model.Values.ElementAt(_random.Next(model.Count));
            switch (_random.Next(4))
            {
                case 0 when !model.IsEmpty:
                    volume.Engine.Delete(Collection, [new BsonValue(known.Id)]).ShouldBe(1);
                    model = model.Remove(known.Id);
                    break;
                case 1 when !model.IsEmpty:
                    var changed = new ModelDocument(known.Id, known.Version + 1, RandomSize());
                    volume.Engine.Update(Collection, [changed.ToBson()]).ShouldBe(1);
                    model = model.SetItem(known.Id, changed);
                    break;
                default:
                    var added = new ModelDocument(_nextId++, 1, RandomSize());
                    volume.Engine.Insert(Collection, [added.ToBson()], BsonAutoId.ObjectId).ShouldBe(1);
                    model = model.Add(added.Id, added);
                    break;
            }
        }

        return model;
    }

    private int RandomSize() => _sizes[Math.Min(_random.Next(_sizes.Length), _random.Next(_sizes.Length))];
}
