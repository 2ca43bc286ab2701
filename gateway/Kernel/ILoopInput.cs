namespace Gateway.Kernel;

/// <summary>The way into the gateway's loop from other threads.</summary>
internal interface ILoopInput
{
    /// <summary>
    /// Adds an action, which the loop runs later, in the order of the calls. Any thread; never blocks. Once the loop has ended, no action
    /// runs. The caller limits the actions that it has under way.
    /// </summary>
    void Post(Action action);
}
