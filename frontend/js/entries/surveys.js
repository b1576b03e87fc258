// Pages that ask questions: the desk, a response, a personal link, the designer.
import "../surveys/questions.js";
