/// Placeholder until the engine below it stands.
public actor Session {}
