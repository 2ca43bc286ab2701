using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Management;

/// <summary>The judgement of inlets and outlets, a part of the <see cref="Findings"/>. Pure.</summary>
internal static class TcpFindings
{
    /// <summary>The <see cref="Finding.Code"/> of an inlet.</summary>
    public const string Inlet = "inlet";

    /// <summary>The <see cref="Finding.Code"/> of an outlet.</summary>
    public const string Outlet = "outlet";

    /// <summary>How an inlet weighs; null if it is well.</summary>
    public static Weight? Of(InletSummary inlet) => inlet switch
    {
        { Pause: not null } => Weight.Notice,
        { Status.IsWell: true } => null,
        { Status.State: LinkState.Connecting } => Weight.Warning,
        _ => Weight.Error,
    };

    /// <summary>How an outlet weighs by itself; null if it is well.</summary>
    public static Weight? Of(OutletSummary outlet) => outlet switch
    {
        { Pause: not null } => Weight.Notice,
        { Status.IsWell: true } => null,
        { Messages: 0 } => Weight.Warning,
        _ => Weight.Error,
    };

    public static IEnumerable<Finding> Of(GatewayState state)
    {
        foreach (var inlet in state.Inlets)
            if (Of(inlet) is { } weight) yield return Describe(inlet, weight, state.Now);
        // A paused queue is a finding of its own.
        foreach (var outlet in state.Outlets)
            if (Of(outlet) is { } weight && outlet.Pause is null) yield return Describe(outlet, weight, state.Now);
    }

    /// <summary>Messages wait in a queue that no application empties; null if it belongs to neither inlet nor outlet.</summary>
    /// <param name="isTold">The outlet's own finding says why.</param>
    public static Finding? OfWaiting(QueueSummary queue, GatewayState state, out bool isTold)
    {
        var (name, waits) = (queue.Id.Name, $"the oldest has waited since {Figures.Time(queue.OldestAt)}");
        var waitsFor = $"the oldest has waited for {Figures.Age(queue.OldestAt, state.Now)}";
        var outlet = state.Outlets.FirstOrDefault(outlet => outlet.Status.Settings.Queue == name);
        isTold = outlet?.Status.IsWell == false;
        if (outlet is not null)
        {
            return new Finding(Weight.Warning, "waiting", name,
                $"the outlet {outlet.Name} is up, and yet delivers none of its messages; {waits}",
                $"The outlet {outlet.Name} is up, and yet delivers no message of {name}: {waitsFor}.",
                "Check the program at its target: it may read nothing, or reply to nothing.")
            { Queue = queue.Id };
        }

        return state.Inlets.FirstOrDefault(inlet => inlet.Status.Settings.ReplyQueue == name) is not { } inlet ? null : new Finding(
            Weight.Warning, "waiting", name, $"replies wait for a program at the inlet {inlet.Name}; {waits}",
            $"Replies wait in {name} for a program at the inlet {inlet.Name}: {waitsFor}.",
            "They go to the next connection from the host of the program that they answer, or to the program that reads too slowly.")
        { Queue = queue.Id };
    }

    private static Finding Describe(InletSummary inlet, Weight weight, DateTimeOffset now)
    {
        var status = inlet.Status;
        if (inlet.Pause is { } pause)
        {
            return new Finding(weight, Inlet, inlet.Name, $"the inlet is {pause}",
                $"The inlet {inlet.Name} has been paused by {pause.Who} for {Figures.Age(pause.At, now)}; programs wait.", status.Advice);
        }

        var at = status.Settings.Address;
        var (act, acts) = status.State == LinkState.Up
            ? ("held programs back", "holds programs back") : ($"not listened at {at}", $"does not listen at {at}");
        var why = status.Evidence.Length > 0 ? $": {status.Evidence.TrimEnd('.')}" : "";
        return new Finding(weight, Inlet, inlet.Name, $"the inlet {acts} ({Cause(status.Cause)}) since {Figures.Time(status.Since)}{why}",
            $"The inlet {inlet.Name} has {act} for {Figures.Age(status.Since, now)} ({Cause(status.Cause)}){why}.", status.Advice)
        { IsOfHealth = true };
    }

    private static Finding Describe(OutletSummary outlet, Weight weight, DateTimeOffset now)
    {
        var status = outlet.Status;
        var state = status.State == LinkState.Up ? "hindered" : status.State.ToString().ToLowerInvariant();
        var what = $"{state} ({Cause(status.PresentCause)})";
        return new Finding(weight, Outlet, outlet.Name,
            $"the outlet to {status.Settings.Target} is {what} since {Figures.Time(status.Since)}; {Figures.Waiting(outlet.Messages)}",
            $"The outlet {outlet.Name} has been {state} for {Figures.Age(status.Since, now)} ({Cause(status.PresentCause)}); "
            + $"{Figures.Waiting(outlet.Messages)}.", status.Advice)
        { IsOfHealth = true };
    }

    private static string Cause(LinkCause cause) => cause == LinkCause.None ? "no cause yet" : cause.ToString();
}
