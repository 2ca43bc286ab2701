using Gateway.Client;
using Gateway.Management;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>Going through all queues: in what pieces, for whom, and what is told of them.</summary>
public sealed class QueueSurveyorTests
{
    private const int Many = (2 * QueueSurveyor.PieceMax) + 10;

    private readonly StoreBench _store = new();
    private readonly HashSet<QueueId> _changed = [];
    private readonly QueueSurveyor _surveyor;

    public QueueSurveyorTests() => _surveyor = new QueueSurveyor(_store, new Changed(_changed));

    [Fact]
    public void ManyQueues_AreLookedAtInBoundedPieces_OneAtATime()
    {
        Fill(Many);
        var told = 0;
        _surveyor.Ask(_ => told++);

        var pieces = 0;
        for (; _store.Submitted.Count > 0; pieces++)
        {
            var piece = _store.Submitted.ShouldHaveSingleItem().ShouldBeOfType<SurveyCommand>();
            _store.RunOnce();
            piece.Places.Count.ShouldBeLessThanOrEqualTo(QueueSurveyor.PieceMax);
        }

        (pieces, told).ShouldBe((3, 1));
    }

    [Fact]
    public void ThoseWhoAskMeanwhile_ShareTheNextWay_ThatShowsWhatTheyKnow()
    {
        Fill(1);
        var told = new List<QueueSurvey>();
        _surveyor.Ask(told.Add);
        for (var i = 0; i < 100; i++) _surveyor.Ask(told.Add);
        _store.Submitted.ShouldHaveSingleItem();
        Enqueue("new", 7);
        _store.Run();

        told.Count.ShouldBe(101);
        told.Skip(1).Distinct().ShouldHaveSingleItem().SumOf(QueueKind.Inbound)
            .ShouldBe(new QueueSum(2, 8, told[^1].Listed.Sum(queue => queue.Bytes)));
    }

    [Fact]
    public void TheFullestAreListed_AndThoseThatAnOperatorHasChanged_AndAllAreAddedUp()
    {
        Fill(Many);
        Enqueue("full", 20);
        _changed.Add(QueueId.Inbound("q700"));

        var survey = Ask();

        survey.Listed.Count.ShouldBe(QueueSurvey.ListedMax);
        survey.Listed.Select(queue => queue.Id.Name).ShouldContain("q700");
        survey.Listed[^1].ShouldSatisfyAllConditions(queue => queue.Id.Name.ShouldBe("full"), queue => queue.Messages.ShouldBe(20));
        (survey.SumOf(QueueKind.Inbound).Queues, survey.SumOf(QueueKind.Inbound).Messages).ShouldBe((Many + 1, Many + 20));
        survey.Totals.ShouldHaveSingleItem().Oldest!.Id.Name.ShouldBe("q0");
    }

    private QueueSurvey Ask()
    {
        QueueSurvey? found = null;
        _surveyor.Ask(survey => found = survey);
        _store.Run();
        return found.ShouldNotBeNull();
    }

    private void Fill(int queues)
    {
        for (var i = 0; i < queues; i++) Enqueue($"q{i}", 1);
    }

    private void Enqueue(string queue, int messages)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var all = Enumerable.Range(0, messages).Select(_ => new IncomingMessage(
            new Message { Id = MessageId.New(now), EnqueuedUnixMs = 1, Source = "here", Body = "x"u8.ToArray() }, 1)).ToList();
        _store.Submit(new EnqueueCommand([QueueId.Inbound(queue)], all, 1, _ => { }));
        _store.RunOnce();
    }

    private sealed class Changed(HashSet<QueueId> queues) : IListedQueues
    {
        public bool IsListed(QueueId queue) => queues.Contains(queue);
    }
}
