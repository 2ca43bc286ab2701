using CsCheck;
using Gateway.Cli.Demo;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class DemoPlanTests
{
    [Fact]
    public void The_same_seed_plans_the_same_kills() => DemoPlan.For(Options(4_711)).ShouldBe(DemoPlan.For(Options(4_711)));

    [Fact]
    public void Every_seed_kills_inside_the_flow_one_after_the_other_and_ends_in_time() => Gen.Int.Sample(seed =>
    {
        var options = Options(seed);
        var plan = DemoPlan.For(options);

        plan.ReceivingGateway.AfterAccepted.ShouldBeGreaterThan(0);
        plan.Consumer.AfterAccepted.ShouldBeGreaterThan(plan.ReceivingGateway.AfterAccepted);
        plan.SendingGateway.AfterAccepted.ShouldBeGreaterThan(plan.Consumer.AfterAccepted);
        plan.SendingGateway.AfterAccepted.ShouldBeLessThan(options.Messages);

        // While the sending gateway is away nothing is accepted, so its absence comes on top.
        (plan.Flow + plan.SendingGateway.Absence).ShouldBeLessThan(options.Limit / 2);
    });

    [Fact]
    public void A_shorter_run_has_shorter_absences()
    {
        var standard = DemoPlan.For(Options(1));
        var shorter = DemoPlan.For(Options(1) with { Limit = DemoDefaults.Limit / 2 });

        shorter.ReceivingGateway.Absence.ShouldBe(standard.ReceivingGateway.Absence / 2);
    }

    private static DemoOptions Options(int seed) => new()
    {
        Messages = DemoDefaults.Messages,
        SizeBytes = DemoDefaults.SizeBytes,
        Seed = seed,
        Limit = DemoDefaults.Limit,
        Keep = false,
    };
}
