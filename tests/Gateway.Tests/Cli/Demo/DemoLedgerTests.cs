using Gateway.Cli.Demo.Ledger;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class DemoLedgerTests
{
    private readonly DemoLedger _ledger = new(expected: 3);

    public DemoLedgerTests() => _ledger.ConsumerStarted();

    [Fact]
    public void Everything_accepted_delivered_once_and_completed_balances()
    {
        AcceptAll();
        foreach (var sequence in (long[])[1, 2, 3])
        {
            Deliver(sequence, sequence);
            _ledger.Completed(sequence);
        }

        var verdict = _ledger.Close();

        verdict.Balanced.ShouldBeTrue();
        verdict.Completed.ShouldBe(3);
        verdict.DeliveredAgain.ShouldBeEmpty();
    }

    [Fact]
    public void An_accepted_message_that_no_consumer_saw_is_lost()
    {
        AcceptAll();
        Deliver(1, 1);
        Deliver(2, 3);

        var verdict = _ledger.Close();

        verdict.Lost.ShouldBe(1);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_did_not_get_to_accept_all_does_not_balance()
    {
        _ledger.Accepted(1);
        Deliver(1, 1);

        var verdict = _ledger.Close();

        verdict.Lost.ShouldBe(0);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void A_message_held_by_a_killed_consumer_may_come_again_late_and_is_in_order()
    {
        AcceptAll();
        Deliver(1, 1);
        Deliver(2, 2);
        _ledger.ConsumerStarted();
        Deliver(1, 3);
        Deliver(2, 1);

        var verdict = _ledger.Close();

        verdict.DeliveredAgain.ShouldBe(new Dictionary<RedeliveryReason, long> { [RedeliveryReason.ConsumerKilled] = 1 });
        verdict.OutOfOrder.ShouldBe(0);
    }

    [Fact]
    public void A_message_held_when_the_gateway_was_killed_may_come_again()
    {
        AcceptAll();
        Deliver(1, 1);
        _ledger.ReceivingGatewayRestarted();
        Deliver(2, 1);

        _ledger.Close().DeliveredAgain.ShouldBe(new Dictionary<RedeliveryReason, long> { [RedeliveryReason.GatewayKilled] = 1 });
    }

    [Fact]
    public void A_completion_in_doubt_explains_another_delivery()
    {
        AcceptAll();
        Deliver(1, 1);
        _ledger.CompletionInDoubt(1);
        Deliver(2, 1);

        _ledger.Close().DeliveredAgain.ShouldBe(new Dictionary<RedeliveryReason, long> { [RedeliveryReason.CompletionInDoubt] = 1 });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_message_delivered_again_after_a_confirmed_completion_is_never_excused(bool gatewayKilled, bool consumerKilled)
    {
        AcceptAll();
        foreach (var sequence in (long[])[1, 2, 3])
            Deliver(sequence, sequence);
        _ledger.Completed(1);
        if (gatewayKilled)
            _ledger.ReceivingGatewayRestarted();
        if (consumerKilled)
            _ledger.ConsumerStarted();
        Deliver(4, 1);

        var verdict = _ledger.Close();

        verdict.AlreadyCompleted.ShouldBe(1);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void A_completion_counts_against_every_later_delivery_not_just_the_next()
    {
        AcceptAll();
        Deliver(1, 1);
        _ledger.Completed(1);
        Deliver(2, 1);
        _ledger.ConsumerStarted();
        Deliver(1, 1);

        _ledger.Close().AlreadyCompleted.ShouldBe(2);
    }

    [Fact]
    public void A_completion_confirmed_after_the_message_came_again_counts_against_the_gateway()
    {
        AcceptAll();
        Deliver(1, 1);
        Deliver(2, 1);
        _ledger.Completed(1);

        _ledger.Close().AlreadyCompleted.ShouldBe(1);
    }

    [Fact]
    public void Another_delivery_to_a_living_consumer_of_a_living_gateway_has_no_explanation()
    {
        AcceptAll();
        foreach (var sequence in (long[])[1, 2, 3])
            Deliver(sequence, sequence);
        Deliver(4, 2);

        var verdict = _ledger.Close();

        verdict.Unexplained.ShouldBe(1);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void A_first_delivery_after_a_later_message_is_out_of_order()
    {
        AcceptAll();
        Deliver(1, 1);
        Deliver(2, 3);
        Deliver(3, 2);

        var verdict = _ledger.Close();

        verdict.OutOfOrder.ShouldBe(1);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void A_corrupt_body_is_counted_and_is_not_taken_for_a_message()
    {
        AcceptAll();
        _ledger.Delivered(1, sequence: 1, intact: false, TimeSpan.Zero);
        _ledger.Completed(1);
        Deliver(2, 2);
        Deliver(3, 3);

        var verdict = _ledger.Close();

        verdict.Corrupt.ShouldBe(1);
        verdict.Lost.ShouldBe(1);
        verdict.Balanced.ShouldBeFalse();
    }

    [Fact]
    public void The_way_back_of_a_peer_ends_with_the_first_message_from_after_its_kill()
    {
        AcceptAll();
        _ledger.PeerStarted("peer", TimeSpan.FromSeconds(1), sequence: 2);
        _ledger.PeerListening(TimeSpan.FromSeconds(2));
        foreach (var sequence in (long[])[1, 2, 3])
            Deliver(sequence, sequence, TimeSpan.FromSeconds(3 + sequence));

        _ledger.Close().Returns.ShouldBe(
            [new PeerReturn("peer", 2, TimeSpan.FromSeconds(1))
                { Listening = TimeSpan.FromSeconds(2), FirstReplayed = TimeSpan.FromSeconds(6) }]);
    }

    private void AcceptAll()
    {
        foreach (var sequence in (long[])[1, 2, 3])
            _ledger.Accepted(sequence);
    }

    private void Deliver(long delivery, long sequence, TimeSpan at = default) => _ledger.Delivered(delivery, sequence, intact: true, at);
}
