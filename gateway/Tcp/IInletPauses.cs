namespace Gateway.Tcp;

/// <summary>Pauses inlets by the order of an operator. Called on the loop.</summary>
internal interface IInletPauses
{
    /// <summary>The inlet of this name, or one that comes later, accepts nobody and reads nothing until it is resumed.</summary>
    void PauseInlet(string name);

    void ResumeInlet(string name);
}
