namespace Gateway.Tcp;

/// <summary>Pauses inlets by the order of an operator. Called on the loop.</summary>
internal interface IInletPauses
{
    /// <summary>
    /// The inlet of this name accepts nobody and reads nothing until it is resumed, also if there will be one only later. Nothing if it is
    /// so.
    /// </summary>
    void PauseInlet(string name);

    void ResumeInlet(string name);
}
